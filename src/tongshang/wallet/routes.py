"""Stored value in the store (my wallet) and in the console (offers, wallets, what is owed)."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.params import Parameter

from tongshang.fans import people
from tongshang.fans.access import Shopper
from tongshang.payments import paying
from tongshang.payments.offline import Said
from tongshang.platform.errors import Invalid
from tongshang.platform.paging import Page
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.wallet import accounts, offers, queries, recharges, returns, rules
from tongshang.wallet.model import Recharge
from tongshang.wallet.offers import Offer, OfferAsked
from tongshang.wallet.queries import MoveView, Report, Row
from tongshang.wallet.returns import Return


class RechargeAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Which offer shall be bought."""

    offer_id: UUID


class HolderAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Who an account belongs to."""

    name: str
    phone: str


class ReturnAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Why what is left of a recharge shall go back; `method` (cash, transfer, other) says that it was by hand."""

    reason: str = ""
    method: str = ""


class RechargeView(msgspec.Struct):
    """A recharge: what was paid and given, what is left, and until when its buyer may take it back by himself."""

    id: UUID
    state: str
    pay_fen: int
    bonus_fen: int
    principal_left_fen: int
    bonus_left_fen: int
    returned_fen: int
    opened_at: datetime
    paid_at: datetime | None
    expires_at: datetime
    returnable_until: datetime | None


class WalletView(msgspec.Struct):
    """Somebody's wallet, whole."""

    balance_fen: int
    principal_fen: int
    bonus_fen: int
    named: bool
    most_fen: int
    named_most_fen: int
    return_days: int
    offers: list[Offer]
    recharges: list[RechargeView]
    returns: list[Return]
    nickname: str = ""


async def _wallet(who: Shopper | Staff, fan: UUID, nickname: str = "") -> WalletView:
    async with who.tx() as tx:
        found, law = await accounts.of_fan(tx, fan=fan), rules.at(tx.now)
        most = law.named_most_fen if found.named_at else law.bearer_most_fen
        return WalletView(
            found.balance_fen, found.principal_fen, found.bonus_fen, found.named_at is not None, most,
            law.named_most_fen, law.return_within.days, [one for one in await offers.listed(tx) if one.state == "on"],
            [_recharge(one) for one in await queries.recharges_of(tx, fan=fan)], await returns.of_fan(tx, fan=fan),
            nickname,
        )  # fmt: skip


def _recharge(one: Recharge) -> RechargeView:
    until = returns.until(one) if one.principal_left_fen else None
    return RechargeView(
        one.id, one.state, one.pay_fen, one.bonus_fen, one.principal_left_fen, one.bonus_left_fen, one.returned_fen,
        one.opened_at, one.paid_at, one.expires_at, until,
    )  # fmt: skip


@get("/wallet", operation_id="get_my_wallet")
async def get_my_wallet(who: Shopper) -> WalletView:
    """Show one's own wallet, and what can be bought."""
    return await _wallet(who, who.fan)


@get("/wallet/moves", operation_id="list_my_wallet_moves")
async def list_my_wallet_moves(who: Shopper, after: str | None = None, limit: int | None = None) -> Page[MoveView]:
    """List what moved in one's own wallet, newest first."""
    async with who.tx() as tx:
        return await queries.moves(tx, fan=who.fan, after=after, limit=limit)


@put("/wallet/holder", operation_id="put_my_wallet_holder")
async def put_my_wallet_holder(who: Shopper, data: HolderAsked) -> WalletView:
    """Say who one is, so that the wallet may hold more."""
    async with who.tx() as tx:
        await accounts.name(tx, fan=who.fan, holder=data.name, phone=data.phone)
    return await _wallet(who, who.fan)


@put("/recharges/{recharge_id:uuid}", operation_id="put_recharge")
async def put_recharge(who: Shopper, recharge_id: UUID, data: RechargeAsked) -> RechargeView:
    """Ask for a recharge under one's own id; asking again is asking once."""
    async with who.tx() as tx:
        return _recharge(await recharges.open(tx, recharge=recharge_id, fan=who.fan, offer=data.offer_id))


@post("/recharges/{recharge_id:uuid}/payment", operation_id="pay_recharge", status_code=200)
async def pay_recharge(who: Shopper, recharge_id: UUID) -> dict[str, str]:
    """Give what WeChat Pay's cashier needs; asking again while it is valid gives the same payment."""
    async with who.tx() as tx:
        promised = await recharges.promise(tx, recharge=recharge_id, fan=who.fan)
    return await paying.prepare(who.world, who.merchant, charge=recharge_id, promised=promised)


@get("/recharges/{recharge_id:uuid}", operation_id="get_my_recharge")
async def get_my_recharge(who: Shopper, recharge_id: UUID, confirm: bool = False) -> RechargeView:
    """Show one's own recharge; `confirm` asks WeChat whether it is paid, for when the notice is late."""
    async with who.tx() as tx:
        found = await recharges.own(tx, recharge=recharge_id, fan=who.fan)
    if confirm and found.state == "open" and await paying.confirm(who.world, who.merchant, subject=recharge_id):
        async with who.tx() as tx:
            await recharges.credit(tx, recharges=[recharge_id])
    async with who.tx() as tx:
        return _recharge(await recharges.own(tx, recharge=recharge_id, fan=who.fan))


@put("/recharges/{recharge_id:uuid}/returns/{return_id:uuid}", operation_id="return_my_recharge", status_code=202)
async def return_my_recharge(who: Shopper, recharge_id: UUID, return_id: UUID) -> Return:
    """Take back what is left of a recharge, within the days that the law gives; what was given with it is void."""
    async with who.tx() as tx:
        return await returns.ask(tx, return_id=return_id, recharge=recharge_id, fan=who.fan, reason="储值后无理由退款")


@get("/recharge-offers", operation_id="list_recharge_offers")
async def list_recharge_offers(who: Staff) -> list[Offer]:
    """List what can be bought, and what could be."""
    async with who.tx() as tx:
        return await offers.listed(tx)


@put("/recharge-offers/{offer_id:uuid}", operation_id="put_recharge_offer", opt={"role": Role.MANAGER})
async def put_recharge_offer(who: Staff, offer_id: UUID, data: OfferAsked) -> Offer:
    """Make an offer, or change it."""
    async with who.tx() as tx:
        return await offers.put(tx, offer=offer_id, asked=data)


@get("/wallets", operation_id="list_wallets")
async def list_wallets(who: Staff, after: str | None = None, limit: int | None = None) -> Page[Row]:
    """List wallets."""
    async with who.tx() as tx:
        return await queries.listed(tx, after=after, limit=limit)


@get("/wallets/report", operation_id="get_wallet_report")
async def get_wallet_report(who: Staff, days: Annotated[int, Parameter(ge=1, le=366)] = 30) -> Report:
    """Say what is owed to people who paid ahead, and whether the ledger agrees."""
    async with who.tx() as tx:
        return await queries.report(tx, since=tx.now - timedelta(days=days))


@get("/fans/{fan_id:uuid}/wallet", operation_id="get_wallet")
async def get_wallet(who: Staff, fan_id: UUID) -> WalletView:
    """Show somebody's wallet."""
    return await _wallet(who, fan_id, await _known(who, fan_id))


@get("/fans/{fan_id:uuid}/wallet/moves", operation_id="list_wallet_moves")
async def list_wallet_moves(
    who: Staff, fan_id: UUID, after: str | None = None, limit: int | None = None
) -> Page[MoveView]:
    """List what moved in somebody's wallet, newest first."""
    await _known(who, fan_id)
    async with who.tx() as tx:
        return await queries.moves(tx, fan=fan_id, after=after, limit=limit)


async def _known(who: Staff, fan: UUID) -> str:
    async with who.tx() as tx:
        return (await people.get(tx, fan_id=fan)).nickname or ""


@put("/recharges/{recharge_id:uuid}/returns/{return_id:uuid}", operation_id="return_recharge", status_code=202,
     opt={"role": Role.MANAGER})  # fmt: skip
async def return_recharge(who: Staff, recharge_id: UUID, return_id: UUID, data: ReturnAsked) -> Return:
    """Give back what is left of somebody's recharge, at any time; a manager says why."""
    if not data.reason.strip():
        raise Invalid(field="reason", problem="required")
    async with who.tx() as tx:
        said = Said(data.method, data.reason.strip(), who.id, who.name) if data.method else None
        return await returns.ask(tx, return_id=return_id, recharge=recharge_id, reason=data.reason.strip(), said=said)


console = [
    list_recharge_offers, put_recharge_offer, list_wallets, get_wallet_report, get_wallet, list_wallet_moves,
    return_recharge,
]  # fmt: skip
store = [
    get_my_wallet, list_my_wallet_moves, put_my_wallet_holder, put_recharge, pay_recharge, get_my_recharge,
    return_my_recharge,
]  # fmt: skip
