"""Recharges: asked for, paid through WeChat Pay, and then in the wallet, once."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from tongshang.payments import charges, ledger, promises
from tongshang.payments.ledger import Entry
from tongshang.payments.model import Purpose
from tongshang.payments.promises import Ready
from tongshang.platform.db import Tx
from tongshang.platform.errors import Mismatch, NotFound, Refused
from tongshang.platform.money import yuan
from tongshang.wallet import accounts, offers, rules
from tongshang.wallet.accounts import Change
from tongshang.wallet.facts import WalletRecharged
from tongshang.wallet.model import Piece, Recharge, Wallet

COLUMNS = """id, fan_id, offer_id, pay_fen, bonus_fen, state, principal_left_fen, bonus_left_fen, returned_fen,
voided_fen, opened_at, expires_at, paid_at"""
ONE = f"select {COLUMNS} from recharge where merchant_id = $1 and id = $2"
SOME = f"{ONE.replace('id = $2', 'id = any($2)')} order by fan_id, id for update"
OPENID = "select openid from fan where merchant_id = $1 and id = $2"
PENDING = """select coalesce(sum(pay_fen), 0)::bigint from recharge
where merchant_id = $1 and fan_id = $2 and state = 'open' and expires_at > $3 and id <> $4"""
PAID = "update recharge set state = 'paid', paid_at = $3 where merchant_id = $1 and id = $2 and state = 'open'"
PAY_WINDOW = timedelta(minutes=15)


class OfferOver(Refused):
    """This offer is no longer there."""

    code, status, zh = "recharge.offer_over", 409, "该储值活动已下架，请重新选择。"


class TooMuchHeld(Refused):
    """An account may hold at most ¥{most}; there is room for ¥{room}."""

    code, status, zh = "recharge.too_much_held", 409, "单个账户余额最多 {most} 元，目前还可充值 {room} 元。"


class NeedsName(Refused):
    """An account without a name may hold at most ¥{most}. Say who you are to hold more."""

    code, status, zh = (
        "recharge.needs_name",
        409,
        "未登记实名的账户余额最多 {most} 元，登记姓名和手机号后可提高到 {named} 元。",
    )


async def open(tx: Tx, *, recharge: UUID, fan: UUID, offer: UUID) -> Recharge:
    """Ask for a recharge under one's own id; asking again is asking once. Refuses what the account may not hold."""
    if known := await tx.first(Recharge, ONE, tx.merchant, recharge):
        if known.fan_id != fan:
            raise NotFound
        if known.offer_id != offer:
            raise Mismatch
        return known
    wanted = await offers.get(tx, offer=offer)
    if wanted.state != "on":
        raise OfferOver
    wallet = await accounts.opened(tx, fan=fan)
    # What somebody is about to pay counts, or two at once would be more than one account may hold.
    pending = await tx.value(PENDING, tx.merchant, fan, tx.now, recharge)
    check_room(tx, wallet, wanted.pay_fen + pending)
    until = tx.now + PAY_WINDOW
    made = Recharge(
        recharge, fan, offer, wanted.pay_fen, wanted.bonus_fen, "open", 0, 0, 0, 0, tx.now, until, None
    )  # fmt: skip
    await tx.insert("recharge", made)
    openid = str(await tx.value(OPENID, tx.merchant, fan))
    await charges.open(
        tx, charge_id=recharge, subject=recharge, amount_fen=wanted.pay_fen, payer_openid=openid,
        description=f"储值 {yuan(wanted.pay_fen)} 元", expires_at=until, purpose=Purpose.RECHARGE,
    )  # fmt: skip
    return made


def check_room(tx: Tx, wallet: Wallet, more: int) -> None:
    """Refuse what would be more principal than an account may hold."""
    law = rules.at(tx.now)
    most = law.named_most_fen if wallet.named_at else law.bearer_most_fen
    if wallet.principal_fen + more <= most:
        return
    if wallet.named_at is None and wallet.principal_fen + more <= law.named_most_fen:
        raise NeedsName(most=yuan(most), named=yuan(law.named_most_fen))
    raise TooMuchHeld(most=yuan(most), room=yuan(max(0, most - wallet.principal_fen)))


async def promise(tx: Tx, *, recharge: UUID, fan: UUID) -> Ready:
    """Promise the attempt that a recharge is paid with; raises NotFound, and what payments refuses."""
    found = await own(tx, recharge=recharge, fan=fan)
    return await promises.promise(tx, charge_id=found.id)


async def own(tx: Tx, *, recharge: UUID, fan: UUID) -> Recharge:
    """Give one's own recharge; somebody else's is not there."""
    found = await tx.one(Recharge, ONE, tx.merchant, recharge)
    if found.fan_id != fan:
        raise NotFound
    return found


async def credit(tx: Tx, *, recharges: Sequence[UUID]) -> None:
    """Put paid recharges into their wallets; harmless when repeated."""
    for one in await tx.all(Recharge, SOME, tx.merchant, sorted(set(recharges))):
        if one.state != "open":
            continue
        await accounts.opened(tx, fan=one.fan_id)
        assert await tx.run(PAID, tx.merchant, one.id, tx.now)
        change = Change("recharge", one.id, one.id, [Piece(one.id, one.pay_fen, one.bonus_fen)])
        # What came is in `recharge` since it was paid; what is given with it costs the shop at once.
        booked = [Entry(ledger.RECHARGE, ledger.STORED_PRINCIPAL, one.pay_fen, "stored_principal_recharge", one.id)]
        if one.bonus_fen:
            gift = (ledger.BONUS_GIVEN, ledger.STORED_BONUS, one.bonus_fen, "stored_bonus_recharge", one.id)
            booked.append(Entry(*gift))
        await accounts.move(tx, fan=one.fan_id, change=change, entries=booked)
        words = (one.fan_id, one.id, one.pay_fen, yuan(one.pay_fen))
        await tx.emit(WalletRecharged(*words, bonus_fen=one.bonus_fen, bonus_yuan=yuan(one.bonus_fen)))
