"""What becomes of a presale as time passes: its window opens, and closes."""

from tongshang.payments.facts import ChargeClosed
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Again
from tongshang.trade.facts import BalanceOpened, DepositPaid
from tongshang.trade.presales import balances, returning

reactions = Reactions("presales")


@reactions.inside(DepositPaid)
async def open_balance(tx: Tx, fact: DepositPaid) -> None:
    """When its time has come, the balance can be paid."""
    due = await balances.open_window(tx, order=fact.order_id)
    if due is not None and tx.now < due.opens_at:
        raise Again((due.opens_at - tx.now).total_seconds())


@reactions.inside(BalanceOpened)
async def close_presale(tx: Tx, fact: BalanceOpened) -> None:
    """Nobody paid the balance in time: the order ends, the deposit stays."""
    if tx.now < fact.pay_by:
        raise Again((fact.pay_by - tx.now).total_seconds())
    await balances.end(tx, order=fact.order_id, reason="balance_missed")


@reactions.inside(ChargeClosed)
async def finish_presale(tx: Tx, fact: ChargeClosed) -> None:
    """WeChat has closed the balance's payment: now, and only now, the stock goes back."""
    ended = await balances.finish(tx, balance=fact.subject_id)
    if ended is not None and ended.refund_id is not None:
        await returning.give_back(tx, order=ended.order_id, refund=ended.refund_id)
