"""The one verb that gives money to somebody, and what may be done with it until it is taken."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from tongshang.fans import people
from tongshang.payments import accounts
from tongshang.payments.accounts import NoPayAccount, PayAccount
from tongshang.payments.model import Mode
from tongshang.payments.payouts import grants, rules, terms
from tongshang.payments.payouts.facts import PayoutCalledOff, PayoutPromised, PayoutReturned
from tongshang.payments.payouts.model import PAYOUT, Face, Payout, PayoutState
from tongshang.payments.payouts.rules import Limits
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Mismatch, Refused
from tongshang.platform.money import Fen, yuan

COLUMNS = """id, round_id, account_id, fan_id, appid, openid, face, reason, origin, subject_id, amount_fen, remark,
  report, name_sealed, state, problem, wx_state, wx_bill_no, package, tries, promised_at, sent_at, locked_at,
  expires_at, ended_at"""
ONE = f"select {COLUMNS} from payout where merchant_id = $1 and id = $2"
# Lock first, look second: a notice, an answer and a clerk may come at the same moment.
HELD = ONE + " for update"
# Another end may have come since it was read: no row means that it did.
# Whose name it was is of no use once it ended.
MOVE = """update payout set state = $3, problem = $4, ended_at = $5, package = $6,
  name_sealed = case when $5::timestamptz is null then name_sealed end
where merchant_id = $1 and id = $2 and state = any($7)"""
GO_ON = "update payout set tries = tries + 1 where merchant_id = $1 and id = $2"
NAME_MOST = 60


class AnotherAccount(Refused):
    """This person is not known at the account that pays: the openid is another account's."""

    code, status, zh = "payout.another_account", 409, "该顾客不属于当前收款公众号，无法付款。"


class NoPackets(Refused):
    """WeChat Pay has no red packets under a service provider; give it as a transfer."""

    code, status, zh = "payout.no_packets", 409, "服务商模式下微信不支持红包样式，请改用转账。"


class OutOfLimits(Refused):
    """One pay-out is from ¥{least} to ¥{most}."""

    code, status, zh = "payout.out_of_limits", 409, "单笔付款需在 ¥{least} 到 ¥{most} 之间。"


class NameNeeded(Refused):
    """From ¥{since} on the real name of who gets it is required."""

    code, status, zh = "payout.name_needed", 409, "单笔 ¥{since} 及以上须填写收款人真实姓名。"


class TooLate(Refused):
    """It is taken already, or ended: it cannot be called off any more."""

    code, status, zh = "payout.too_late", 409, "对方已收款或该笔付款已结束，不能撤销。"


async def promise(
    tx: Tx,
    *,
    payout_id: UUID,
    fan_id: UUID,
    amount_fen: Fen,
    reason: str,
    report: Mapping[str, str],
    remark: str,
    face: Face = Face.TRANSFER,
    name: str = "",
    origin: str = "staff",
    subject: UUID | None = None,
    round_id: UUID | None = None,
) -> Payout:
    """Promise to give somebody an amount (fen). Asking twice under one id, with the same words, is asking once.

    `reason` and `report` are as in `rules`; `remark` is what the person reads, `name` the real name (kept sealed, and
    required above a sum). `origin` and `subject` say who above asked for it, and are handed back in the facts.
    Raises NoPayAccount, NotGranted, NoPackets, AnotherAccount, OutOfLimits, NameNeeded, DayFull, Invalid, Mismatch,
    NotFound.
    """
    law, name, remark = rules.at(tx.now), name.strip(), remark.strip()
    allowed = await terms.hold(tx)
    words = (fan_id, face, reason, origin, subject or payout_id, amount_fen, remark, dict(report))
    if known := await tx.first(Payout, ONE, tx.merchant, payout_id):
        same = (known.fan_id, known.face, known.reason, known.origin, known.subject_id, known.amount_fen, known.remark,
                known.report)  # fmt: skip
        if same != words or (known.ended_at is None and read_name(tx, known) != name):
            raise Mismatch
        return known
    check(law, reason=reason, report=report, remark=remark, face=face, name=name)
    _check_amount(law, amount_fen, face, name, most=allowed.most_fen)
    account, fan = await paying_account(tx), await people.get(tx, fan_id=fan_id)
    if face is Face.RED_PACKET and account.mode is Mode.PARTNER:
        raise NoPackets
    if fan.appid != account.appid:
        raise AnotherAccount
    await terms.check_day(tx, allowed, amount_fen)
    row = Payout(
        payout_id, round_id, account.id, fan_id, fan.appid, fan.openid, face, reason, origin, subject or payout_id,
        amount_fen, remark, dict(report), tx.seal("payout.name_sealed", name.encode()) if name else None, PAYOUT.start,
        "", "", None, "", 1, tx.now, None, None, None, None,
    )  # fmt: skip
    await tx.insert("payout", row)
    await tx.emit(PayoutPromised(*told(row), number=1))
    return row


def check(law: Limits, *, reason: str, report: Mapping[str, str], remark: str, face: Face, name: str) -> None:
    """Refuse words that WeChat would refuse."""
    known = law.reason(reason)
    if known is None:
        raise Invalid(field="reason", problem="unknown")
    needed = ", ".join(one.type for one in known.reports)
    if set(report) != {one.type for one in known.reports}:
        raise Invalid(field="report", problem=needed, zh=f"须填写：{needed}")
    if any(not 1 <= len(said.strip()) <= law.report_most for said in report.values()):
        raise Invalid(field="report", problem=f"each 1-{law.report_most}")
    if not 1 <= len(remark) <= law.remark_most:
        raise Invalid(field="remark", problem=f"1-{law.remark_most}")
    if len(name) > NAME_MOST:
        raise Invalid(field="name", problem=f"≤ {NAME_MOST}")
    if face is Face.RED_PACKET and not known.packet:
        raise Invalid(field="reason", problem="no red packets for this reason", zh="该转账场景不支持红包")


def _check_amount(law: Limits, amount: Fen, face: Face, name: str, *, most: Fen) -> None:
    most = min(most, law.packet_most_fen) if face is Face.RED_PACKET else most
    if not law.least_fen <= amount <= most:
        raise OutOfLimits(least=yuan(law.least_fen), most=yuan(most))
    if not name and amount >= law.name_from_fen:
        raise NameNeeded(since=yuan(law.name_from_fen))
    if name and amount < law.name_never_below_fen:
        raise Invalid(field="name", problem="not for so little", zh="金额较小时不能填写姓名")


async def paying_account(tx: Tx) -> PayAccount:
    """Give the account pay-outs come from. Raises NoPayAccount, NotGranted."""
    account = await accounts.in_use(tx)
    if account is None:
        raise NoPayAccount
    await grants.require(tx)
    return account


async def get(tx: Tx, *, payout: UUID) -> Payout:
    """Give one pay-out; raises NotFound."""
    return await tx.one(Payout, ONE, tx.merchant, payout)


async def hold(tx: Tx, *, payout: UUID) -> Payout:
    """Give one pay-out, and hold it to the end of the transaction; raises NotFound."""
    return await tx.one(Payout, HELD, tx.merchant, payout)


def read_name(tx: Tx, row: Payout) -> str:
    """Read the real name that was given for the person; "" for none."""
    return tx.unseal("payout.name_sealed", row.name_sealed).decode() if row.name_sealed else ""


async def move(
    tx: Tx, row: Payout, name: str, *, problem: str = "", package: str = "", at: datetime | None = None
) -> bool:  # fmt: skip
    """Move a pay-out on, unless something else moved it meanwhile; `at` is when it ended, if that was not just now."""
    state = next(iter(PAYOUT.moves[name].values()))
    ended = (at or tx.now) if state in PAYOUT.ends() else None
    return bool(
        await tx.run(MOVE, tx.merchant, row.id, state.value, problem[:200], ended, package, PAYOUT.sources(name))
    )


async def call_off(tx: Tx, *, payout: UUID) -> Payout:
    """Take a pay-out back before it is taken; what WeChat knows of is only called off once WeChat says so.

    Asking again is asking once. Raises TooLate, NotFound.
    """
    row = await hold(tx, payout=payout)
    if row.state in (PayoutState.CANCELING, PayoutState.CANCELED):
        return row
    if row.state in (PayoutState.PROMISED, PayoutState.STALLED):
        await drop(tx, row)
    elif PAYOUT.may("call_off", row.state):
        await move(tx, row, "call_off")
        await tx.emit(PayoutCalledOff(*told(row)))
    else:
        raise TooLate
    return await get(tx, payout=payout)


async def drop(tx: Tx, row: Payout) -> None:
    """End a pay-out whose money never left."""
    if await move(tx, row, "drop", problem="MCH_CANCEL"):
        await tx.emit(PayoutReturned(*told(row), state=PayoutState.CANCELED.value, problem="MCH_CANCEL"))


async def go_on(tx: Tx, *, payout: UUID) -> Payout:
    """Send a stalled pay-out again under its own number, after a person mended what was wrong. Raises IllegalMove."""
    row = await hold(tx, payout=payout)
    if row.state is not PayoutState.STALLED:
        # Pressed twice: it is on its way.
        PAYOUT.move("send", row.state)
        return row
    await move(tx, row, "send")
    await tx.run(GO_ON, tx.merchant, row.id)
    await tx.emit(PayoutPromised(*told(row), number=row.tries + 1))
    return await get(tx, payout=payout)


def told(row: Payout) -> tuple[UUID, UUID, UUID, str, str, Fen, str]:
    """Say what every fact of a pay-out says."""
    return (row.id, row.fan_id, row.subject_id, row.origin, row.face.value, row.amount_fen, yuan(row.amount_fen))
