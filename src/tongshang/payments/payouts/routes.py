"""Pay-outs in the console (send, list, call off) and in the store (what is mine, and taking it)."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.params import Parameter
from litestar.types import ControllerRouterHandler

from tongshang.fans.access import Shopper
from tongshang.payments import accounts, ledger
from tongshang.payments.payouts import grants, payouts, pursuing, queries, rounds, rules, terms
from tongshang.payments.payouts.grants import Grant
from tongshang.payments.payouts.model import Face, PayoutState
from tongshang.payments.payouts.queries import MyPayout, PayoutPage
from tongshang.payments.payouts.terms import Terms
from tongshang.platform.errors import Refused
from tongshang.platform.paging import Page
from tongshang.tenancy import sessions
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from weixin.products.pay import transfers

MANAGER, OWNER = {"role": Role.MANAGER}, {"role": Role.OWNER}
Section = Annotated[str, Parameter(query="state")]


class NotWaiting(Refused):
    """There is nothing to take any more: it was taken, called off, or its day is over."""

    code, status, zh = "payout.not_waiting", 409, "该笔款项已领取、已撤销或已过期。"


class ReportView(msgspec.Struct):
    """Something that must be reported of a pay-out."""

    type: str
    en: str
    hint_zh: str
    hint_en: str


class ReasonView(msgspec.Struct):
    """What a pay-out may be for."""

    key: str
    zh: str
    en: str
    shows: str
    packet: bool
    reports: list[ReportView]


class Choices(msgspec.Struct):
    """What may be sent now: limits (fen), reasons, and what there is; `sources` say where the limits are written."""

    least_fen: int
    most_fen: int
    day_fen: int
    left_today_fen: int
    packet_most_fen: int
    name_from_fen: int
    remark_most: int
    report_most: int
    people_most: int
    taken_within_hours: int
    booked_fen: int
    held_fen: int
    reasons: list[ReasonView]
    sources: list[str]
    grant: Grant


class TermsAsked(msgspec.Struct, forbid_unknown_fields=True):
    """What the shop allows itself, in fen."""

    most_fen: int
    day_fen: int


class RoundAsked(msgspec.Struct, forbid_unknown_fields=True):
    """What is sent to whom and why; the password of who sends it, for money leaves."""

    fan_ids: list[UUID]
    face: Face
    amount_fen: int
    reason: str
    report: dict[str, str]
    remark: str
    password: str
    name: str = ""


class RoundView(msgspec.Struct):
    """What was promised."""

    id: UUID
    people: int
    amount_fen: int
    total_fen: int


@get("/payout-choices", operation_id="get_payout_choices", opt=MANAGER)
async def get_choices(who: Staff) -> Choices:
    """Say what may be sent, to whom it may be reported as what, and how much is there."""
    async with who.tx() as tx:
        law, allowed, given = rules.at(tx.now), await terms.current(tx), await terms.given_today(tx)
        booked = next((one.balance_fen for one in await ledger.balances(tx) if one.account == ledger.CASH), 0)
        held, grant = await queries.held_fen(tx), await grants.current(tx)
    reasons = [
        ReasonView(
            one.key, one.zh, one.en, one.shows, one.packet,
            [ReportView(r.type, r.en, r.hint_zh, r.hint_en) for r in one.reports],
        )
        for one in law.reasons
    ]  # fmt: skip
    return Choices(
        law.least_fen, allowed.most_fen, allowed.day_fen, max(allowed.day_fen - given, 0), law.packet_most_fen,
        law.name_from_fen, law.remark_most, law.report_most, rounds.PEOPLE_MOST,
        int(law.taken_within.total_seconds()) // 3600, booked, held, reasons, list(law.sources),
        grant,
    )  # fmt: skip


@put("/payout-grant", operation_id="ask_payout_grant", opt=OWNER, status_code=202)
async def ask_grant(who: Staff) -> Grant:
    """Ask WeChat to invite the merchant to let its provider give its money away; asking again is asking once."""
    async with who.tx() as tx:
        await grants.current(tx)  # the audit's line
    return await grants.ask(who.world, who.merchant)


@put("/payout-grant/progress", operation_id="look_payout_grant_up", opt=OWNER)
async def look_grant_up(who: Staff) -> Grant:
    """Ask WeChat now how the grant stands."""
    async with who.tx() as tx:
        await grants.current(tx)
    return await grants.look(who.world, who.merchant)


@put("/payout-terms", operation_id="put_payout_terms", opt=OWNER)
async def put_terms(who: Staff, data: TermsAsked) -> Terms:
    """Set what the shop allows itself, as WeChat's own desk allows it."""
    async with who.tx() as tx:
        return await terms.save(tx, most_fen=data.most_fen, day_fen=data.day_fen)


@put("/payout-rounds/{round_id:uuid}", operation_id="put_payout_round", opt=OWNER, status_code=202)
async def put_round(who: Staff, round_id: UUID, data: RoundAsked) -> RoundView:
    """Give the same amount to one person or to some, under one's own id; asking again is asking once."""
    await sessions.confirm(who.world, who.merchant, staff=who.id, password=data.password)
    async with who.tx() as tx:
        await payouts.paying_account(tx)
        made = await rounds.send(
            tx, round_id=round_id, fans=data.fan_ids, face=data.face, amount_fen=data.amount_fen, reason=data.reason,
            report=data.report, remark=data.remark, name=data.name, staff_id=who.id, staff_name=who.name,
        )  # fmt: skip
    return RoundView(made.id, made.people, made.amount_fen, made.people * made.amount_fen)


@get("/payouts", operation_id="list_payouts", opt=MANAGER)
async def list_payouts(
    who: Staff, section: Section = "", after: str | None = None, limit: int | None = None
) -> PayoutPage:
    """List pay-outs, newest first; `state` may name several states, with commas."""
    async with who.tx() as tx:
        return await queries.listed(tx, state=section, after=after, limit=limit)


@post("/payouts/{payout_id:uuid}/cancellation", operation_id="cancel_payout", opt=OWNER, status_code=202)
async def cancel_payout(who: Staff, payout_id: UUID) -> dict[str, str]:
    """Call a pay-out off before it is taken; asking again is asking once."""
    async with who.tx() as tx:
        return {"state": (await payouts.call_off(tx, payout=payout_id)).state.value}


@post("/payouts/{payout_id:uuid}/continuation", operation_id="continue_payout", opt=OWNER, status_code=202)
async def continue_payout(who: Staff, payout_id: UUID) -> dict[str, str]:
    """Send a stalled pay-out again, under its own number."""
    async with who.tx() as tx:
        return {"state": (await payouts.go_on(tx, payout=payout_id)).state.value}


@get("/payouts", operation_id="list_my_payouts")
async def list_my_payouts(who: Shopper, after: str | None = None, limit: int | None = None) -> Page[MyPayout]:
    """List what one was given, newest first."""
    async with who.tx() as tx:
        return await queries.mine(tx, fan=who.fan, after=after, limit=limit)


@get("/payouts/{payout_id:uuid}", operation_id="get_my_payout")
async def get_my_payout(who: Shopper, payout_id: UUID, confirm: bool = False) -> MyPayout:
    """Show one of one's own; `confirm` asks WeChat whether it was taken, for when the notice is late."""
    async with who.tx() as tx:
        found = await queries.one_of_mine(tx, fan=who.fan, payout=payout_id)
    if not confirm:
        return found
    await pursuing.confirm(who.world, who.merchant, payout=payout_id)
    async with who.tx() as tx:
        return await queries.one_of_mine(tx, fan=who.fan, payout=payout_id)


@post("/payouts/{payout_id:uuid}/sheet", operation_id="open_my_payout", status_code=200)
async def open_my_payout(who: Shopper, payout_id: UUID) -> dict[str, str]:
    """Give what WeChat's sheet needs for taking the money; asking again gives the same."""
    async with who.tx() as tx:
        await queries.one_of_mine(tx, fan=who.fan, payout=payout_id)
        row = await payouts.get(tx, payout=payout_id)
        if row.state not in (PayoutState.WAITING, PayoutState.TAKING) or not row.package:
            raise NotWaiting
        till = await accounts.till(tx, account=row.account_id)
    return transfers.sheet(till.client, appid=row.appid, package=row.package, sub_mchid=till.sub_mchid)


console: list[ControllerRouterHandler] = [
    get_choices, put_terms, put_round, list_payouts, cancel_payout, continue_payout, ask_grant, look_grant_up,
]  # fmt: skip
store: list[ControllerRouterHandler] = [list_my_payouts, get_my_payout, open_my_payout]
