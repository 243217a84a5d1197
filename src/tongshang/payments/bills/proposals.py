"""What to do about a difference: proposed from its kind and from who of the three stands alone; done at a click."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from tongshang.payments import accounts, charges, gateway, ledger, paying, refunding, refunds
from tongshang.payments.bills import days, resolving
from tongshang.payments.bills.days import Found, Settled
from tongshang.payments.bills.lines import Kind
from tongshang.payments.settling import number_to_id
from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound
from tongshang.platform.world import World


class Proposal(NamedTuple):
    """What to do, and why, in both languages."""

    action: str
    zh: str
    en: str


ASK = Proposal("asked", "向微信查询这一笔，按查到的结果更正", "Ask WeChat after this one and follow its answer")
ALONE = Proposal(
    "reported",
    "账户流水与我方一致，只有账单不同：反馈微信支付",
    "Account and books agree, the bill alone differs: report",
)
MONEY = Proposal(
    "booked", "钱确实到了账户：先记入待查差异，查明后再转出", "The money is there: book it to suspense until explained"
)
NO_MONEY = Proposal("reported", "账户里没有这笔钱：反馈微信支付核实", "The account has no such money: report it")
FEE = Proposal("explained", "手续费已按账单入账，核对签约费率即可", "The bill's fee is booked; check the agreed rate")
POST = Proposal("posted", "订单与账单一致，账本漏记：补记这一笔", "Orders and bill agree, the ledger lacks it: post it")
UNDO = Proposal(
    "booked", "账本多记，没有对应的收款或退款：转入待查差异", "Nothing stands behind this posting: move it to suspense"
)
BACK = Proposal(
    "cleared",
    "账单已更正：把之前记入待查差异的金额冲回",
    "The bill was mended since: take back what was booked to suspense",
)
SUM = Proposal("reported", "账单自身合计对不上：反馈微信支付重新出账", "The bill contradicts itself: report it")
SIMPLE = {
    Kind.STATE_DIFFERS: ASK,
    Kind.REFUND_STATE_DIFFERS: ASK,
    Kind.REFUND_MISSING_THERE: ASK,
    Kind.TRANSACTION_DIFFERS: ASK,
    Kind.FEE_DIFFERS: FEE,
    Kind.SUMMARY_DIFFERS: SUM,
    Kind.LEDGER_DIFFERS: POST,
    Kind.REFUND_LEDGER_DIFFERS: POST,
    Kind.PAYOUT_LEDGER_DIFFERS: POST,
    Kind.LEDGER_UNKNOWN: UNDO,
    Kind.FUND_MISSING_HERE: MONEY,
    Kind.FUND_UNKNOWN: MONEY,
    Kind.FUND_AMOUNT_DIFFERS: MONEY,
    Kind.FUND_MISSING_THERE: NO_MONEY,
    Kind.FUND_BALANCE_BREAKS: SUM,
    Kind.SHARE_MISSING_HERE: MONEY,
    Kind.SHARE_AMOUNT_DIFFERS: MONEY,
    Kind.SHARE_MISSING_THERE: NO_MONEY,
    Kind.SHARE_LEDGER_DIFFERS: POST,
}


def propose(found: Found) -> Proposal:
    """Propose what to do about a difference."""
    if found.healed:
        return BACK
    if known := SIMPLE.get(found.kind):
        return known
    moved = (found.moved or {}).get("count", 0)
    if found.kind in (Kind.MISSING_HERE, Kind.REFUND_MISSING_HERE):
        # Without a fund-flow bill nobody but WeChat's own line speaks for it.
        return MONEY if moved or found.moved is None else NO_MONEY
    if found.kind is Kind.MISSING_THERE:
        return ALONE if moved else ASK
    return ALONE


async def fix(world: World, merchant: UUID, *, day: date, difference: UUID) -> tuple[Proposal, str]:
    """Do what is proposed; gives it, and what WeChat answered where it was asked. Raises NotFound, Settled."""
    async with world.tx(merchant) as tx:
        found = await days.find(tx, day=day, difference=difference)
        if found.state != "open":
            raise Settled
        proposal = propose(found)
        if proposal is BACK:
            await resolving.clear(tx, day=day, difference=difference, to=ledger.CASH, note=proposal.zh)
        elif proposal.action != "asked":
            await resolving.resolve(tx, day=day, difference=difference, action=proposal.action, note=proposal.zh)
        if proposal.action != "asked":
            return proposal, ""
    said = await _ask(world, merchant, found)
    async with world.tx(merchant) as tx:
        await days.ask(tx, day=day)
    return proposal, said


async def _ask(world: World, merchant: UUID, found: Found) -> str:
    """Ask WeChat after a payment or a refund, and take note of the answer; gives the state it told."""
    number = number_to_id(found.number)
    if number is None:
        raise NotFound
    if found.kind.startswith("refund"):
        async with world.tx(merchant) as tx:
            _, attempt, paid = await refunds.lock_try(tx, number=number)
            till = await accounts.till(tx, account=paid.account_id)
        back = await gateway.look_refund(till, attempt)
        if back is not None:
            await refunding.take_note(world, merchant, back)
        return back.state if back else ""
    async with world.tx(merchant) as tx:
        tried = await charges.attempt(tx, attempt=number)
        till = await accounts.till(tx, account=tried.account_id)
    told = await gateway.look(till, tried)
    if told is not None:
        await paying.take_note(world, merchant, told)
    return told.state if told else ""


async def listed(tx: Tx, *, day: date) -> list[tuple[Found, Proposal]]:
    """List what a day's comparison found, each with what is proposed."""
    return [(one, propose(one)) for one in await days.differences(tx, day=day)]
