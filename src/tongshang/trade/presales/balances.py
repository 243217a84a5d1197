"""What happens to a presale's order between its deposit and the end: paid, missed, or let go by the merchant."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tongshang.catalog import stock
from tongshang.payments import charges, ledger, promises
from tongshang.payments.ledger import Entry
from tongshang.payments.model import Charge, ChargeState
from tongshang.payments.promises import Ready as Promised
from tongshang.platform.db import Tx
from tongshang.platform.errors import Mismatch, NotFound, Refused
from tongshang.trade import limits, orders
from tongshang.trade.asked import Ready
from tongshang.trade.facts import BalanceOpened, DepositPaid, OrderClosed
from tongshang.trade.model import COLUMNS, ORDER, Order, S
from tongshang.trade.presales.model import BALANCE, B, Balance

BALANCE_COLUMNS = "id, order_id, amount_fen, opens_at, pay_by, ships_by, state, reason, refund_id, ended_at"
ONE = f"select {BALANCE_COLUMNS} from order_balance where merchant_id = $1"
OF_ORDER = f"{ONE} and order_id = $2"
SOME = f"{ONE} and id = any($2) order by id"
MARK = """update orders o set deposit_fen = x.fen from unnest($2::uuid[], $3::bigint[]) as x(id, fen)
where o.merchant_id = $1 and o.id = any($2) and o.id = x.id"""
DEPOSITED = f"""
with held as (select id from orders where merchant_id = $1 and id = any($2) and deposit_fen > 0 order by id for update)
update orders set state = 'deposit'
where merchant_id = $1 and id = any(array(select id from held)) and state = any($3)
returning {COLUMNS}"""
PAID = f"""update orders set state = 'paid', paid_at = $3
where merchant_id = $1 and id = $2 and deposit_fen > 0 and state = any($4) returning {COLUMNS}"""
CLOSED = f"""update orders set state = 'closed', closed_at = $3, close_reason = $4
where merchant_id = $1 and id = $2 and state = any($5) returning {COLUMNS}"""
MOVE = """update order_balance set state = $3, reason = $4, ended_at = $5
where merchant_id = $1 and id = $2 and state = any($6)"""
PAYER = "select openid from fan where merchant_id = $1 and id = $2"
PROMISE = "update order_balance set refund_id = $3 where merchant_id = $1 and id = $2 and refund_id is null"


class NoPresale(Refused):
    """This order has no balance to pay."""

    code, status, zh = "presale.none", 409, "该订单没有待付的尾款。"


class NotOpenYet(Refused):
    """The balance can be paid from {at} on."""

    code, status, zh = "presale.not_open", 409, "尾款将于 {at} 开始支付，请到时再来。"


class Late(Refused):
    """The time to pay the balance ended at {at}."""

    code, status, zh = "presale.late", 409, "尾款支付已于 {at} 截止。"


async def begin(tx: Tx, *, ready: Mapping[UUID, Ready]) -> None:
    """Write down what orders that were just placed owe later, those that do."""
    some = [(order, one.price.deposit) for order, one in ready.items() if one.price.deposit is not None]
    if not some:
        return
    await tx.run(MARK, tx.merchant, [order for order, _ in some], [ask.deposit_fen for _, ask in some if ask])
    for order, ask in some:
        assert ask is not None
        row = Balance(tx.new_id(), order, ask.balance_fen, ask.opens_at, ask.pay_by, ask.ships_by, BALANCE.start)
        await tx.insert("order_balance", row)


async def of_order(tx: Tx, *, order: UUID, lock: bool = False) -> Balance:
    """Give what an order owes later; raises NotFound where nothing."""
    return await tx.one(Balance, OF_ORDER + (" for update" if lock else ""), tx.merchant, order)


async def paid(tx: Tx, *, subjects: Sequence[UUID]) -> None:
    """Record that the money of orders is there, or that of presales' balances. Harmless when repeated."""
    others = await orders.mark_all_paid(tx, orders=subjects)
    if others:  # deposits and balances, and what was known already
        await money_came(tx, subjects=others)


async def money_came(tx: Tx, *, subjects: Sequence[UUID]) -> None:
    """Take note of what was paid for orders or balances: a deposit, or the rest. Harmless when repeated."""
    for order in await tx.all(Order, DEPOSITED, tx.merchant, list(subjects), ORDER.sources("deposit")):
        due = await of_order(tx, order=order.id)
        await _book(tx, due, order.deposit_fen, (ledger.SALES, ledger.DEPOSITS), "deposit")
        await tx.emit(
            DepositPaid(
                order.id, order.fan_id, order.number, order.total_fen, order.deposit_fen, due.amount_fen, due.opens_at
            )
        )
    for due in await tx.all(Balance, SOME, tx.merchant, list(subjects)):
        await orders.locked(tx, order=due.order_id)
        if not await _end(tx, due, B.PAID, "pay"):
            continue
        paid = await tx.one(Order, PAID, tx.merchant, due.order_id, tx.now, ORDER.sources("settle"))
        await _book(tx, due, paid.deposit_fen, (ledger.DEPOSITS, ledger.SALES), "deposit_earned")
        await orders.sell(tx, paid=[paid])


async def promise(tx: Tx, *, order: UUID, fan: UUID) -> tuple[Charge, Promised]:
    """Open the balance's charge (once) and promise the attempt to pay it with."""
    found = await orders.locked(tx, order=order)
    if found.fan_id != fan:
        raise NotFound
    if found.state != S.DEPOSIT:
        raise NoPresale
    due = await of_order(tx, order=order)
    if tx.now < due.opens_at:
        raise NotOpenYet(at=limits.when(due.opens_at))
    if tx.now >= due.pay_by or due.state != B.OWED:
        raise Late(at=limits.when(due.pay_by))
    payer = await tx.value(PAYER, tx.merchant, fan)
    title = (await orders.lines(tx, order=order))[0].title
    charge = await charges.open(
        tx, charge_id=due.id, subject=due.id, amount_fen=due.amount_fen, description=f"尾款 {title}"[:40],
        payer_openid=payer, expires_at=due.pay_by,
    )  # fmt: skip
    promised = (await promises.promise_all(tx, held=[charge])).get(charge.id, Mismatch())
    if isinstance(promised, Refused):
        raise promised
    return charge, promised


async def open_window(tx: Tx, *, order: UUID) -> Balance | None:
    """Say that the balance can be paid from now on; None when the order has ended meanwhile."""
    found = await orders.locked(tx, order=order)
    due = await of_order(tx, order=order)
    if found.state != S.DEPOSIT:
        return None
    if tx.now >= due.opens_at:
        words = (found.id, found.fan_id, found.number, found.total_fen)
        await tx.emit(BalanceOpened(*words, due.amount_fen, due.pay_by))
    return due


async def end(tx: Tx, *, order: UUID, reason: str, refund: UUID | None = None) -> None:
    """End an order whose balance is not paid: WeChat closes its charge first, then stock goes back.

    With a `refund` the deposit goes back under that id once it has ended. Harmless when repeated.
    """
    found = await orders.locked(tx, order=order)
    if found.state != S.DEPOSIT:
        return
    due = await of_order(tx, order=order, lock=True)
    if refund is not None:
        await tx.run(PROMISE, tx.merchant, due.id, refund)
    charge = await charges.of_subject(tx, subject=due.id)
    if charge is None or charge.state is ChargeState.CLOSED:
        await finish(tx, balance=due.id, reason=reason)
    elif charge.state is not ChargeState.PAID:  # else the fact that says so is on its way
        await tx.run(MOVE, tx.merchant, due.id, B.CLOSING, reason, None, BALANCE.sources("close"))
        await charges.cancel(tx, charge=charge.id, reason=reason)


async def finish(tx: Tx, *, balance: UUID, reason: str = "") -> Balance | None:
    """Close the order of a balance that nobody can pay any more, and give its stock back. Harmless when repeated."""
    for due in await tx.all(Balance, SOME, tx.merchant, [balance]):
        why = reason or due.reason or "balance_missed"
        closed = await tx.first(Order, CLOSED, tx.merchant, due.order_id, tx.now, why, ORDER.sources("forfeit"))
        if closed is None:
            return None
        due = await of_order(tx, order=due.order_id, lock=True)
        state, move = (B.MISSED, "miss") if due.refund_id is None else (B.DROPPED, "drop")
        await _end(tx, due, state, move, why)
        await _book(tx, due, closed.deposit_fen, (ledger.DEPOSITS, ledger.FORFEITED), "deposit_kept")
        await stock.release(tx, holders=[closed.id])
        await limits.release(tx, orders=[closed.id])
        o = closed
        await tx.emit(OrderClosed(o.id, o.fan_id, o.number, o.total_fen, why, o.coupon_id))
        return due
    return None


async def _end(tx: Tx, due: Balance, state: B, move: str, reason: str = "") -> bool:
    return bool(await tx.run(MOVE, tx.merchant, due.id, state, reason, tx.now, BALANCE.sources(move)))


async def _book(tx: Tx, due: Balance, fen: int, sides: tuple[str, str], kind: str) -> None:
    await ledger.post_all(tx, [Entry(*sides, fen, kind, due.id, due.order_id)])
