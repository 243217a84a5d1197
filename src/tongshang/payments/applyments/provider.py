"""The provider's own number: applications are made under it, and merchants it takes on trade under its signature.

It is a pay account of the nil merchant. Keys are copied to each merchant who trades under it, sealed for that merchant,
because one merchant's transaction never reads another's rows; when they change, they are handed on.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from tongshang.payments import accounts, notices
from tongshang.payments.accounts import NoPayAccount, NotReady, PayAccount, Till
from tongshang.payments.applyments import rules
from tongshang.payments.applyments.facts import ProviderKeysChanged
from tongshang.payments.applyments.model import Subject
from tongshang.payments.model import Mode
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.ids import NIL
from tongshang.platform.world import World
from weixin.errors import PayError, Unreachable
from weixin.products.pay import applyments as wx
from weixin.products.pay.applyments import Bank, Named

T = TypeVar("T")
UNDER = """select coalesce(array_agg(merchant_id), '{}') from pay_account
where in_use and mode = 'partner' and mchid = $1"""
LIST = """select a.id, a.merchant_id, m.name as merchant, a.state, a.subject, a.short_name, a.business_code,
  a.wx_number, a.sub_mchid, a.created_at, a.sent_at, a.moved_at, a.looked_at
from applyment a join merchant m on m.merchant_id = a.merchant_id
where ($1 = '' or a.state = $1) order by a.moved_at desc, a.id limit 200"""
SHELF = "applyments.lists"
FRESH_SECONDS = 86_400


class NoProvider(Refused):
    """The provider has not set its own WeChat Pay number up yet, so nothing can be applied for."""

    code, status, zh = "applyment.no_provider", 409, "平台还没有配置服务商商户号，暂时不能代为申请。"


class BanksAway(Refused):
    """WeChat did not give the list just now. Try again in a moment."""

    code, status, zh = "applyment.banks_away", 503, "暂时取不到微信支付的名录，请稍后再试。"


class NoSuchPlace(Refused):
    """WeChat knows no such province, city or bank. Choose one from the list."""

    code, status, zh = "applyment.no_such_place", 422, "微信支付没有这个省份、城市或银行，请从列表中选择。"


class ApplymentLine(msgspec.Struct, frozen=True):
    """An application in the provider's list: where it stands, and nothing about people."""

    id: UUID
    merchant_id: UUID
    merchant: str
    state: str
    subject: Subject
    short_name: str
    business_code: str
    wx_number: str
    sub_mchid: str
    created_at: datetime
    sent_at: datetime | None
    moved_at: datetime
    looked_at: datetime | None


@dataclass(frozen=True)
class Numbers:
    """The provider's numbers and keys, to be put into a merchant's settings."""

    account: PayAccount
    private_key: str
    apiv3_key: str

    def __repr__(self) -> str:
        return f"Numbers({self.account!r})"


async def listed(tx: Tx, *, state: str) -> list[ApplymentLine]:
    """List the applications of all merchants, last moved first; an empty state means all."""
    return await tx.all(ApplymentLine, LIST, state)


async def account(world: World) -> PayAccount | None:
    """Give the provider's account, ready or not."""
    async with world.tx(NIL) as tx:
        return await accounts.in_use(tx)


async def till(world: World) -> Till:
    """Give the provider's account ready for use; raises NoProvider."""
    async with world.tx(NIL) as tx:
        try:
            found = await accounts.till(tx)
        except (NoPayAccount, NotReady):
            raise NoProvider from None
    if found.client.keys.encryption() is None:
        await notices.renew(world, NIL, found)
    return found


async def numbers(world: World, *, mchid: str) -> Numbers | None:
    """Open the provider's keys, if its number still is the one asked for."""
    async with world.tx(NIL) as tx:
        row = await accounts.in_use(tx)
        if row is None or row.mchid != mchid or row.private_key_sealed is None or row.apiv3_key_sealed is None:
            return None
        private = tx.unseal("pay_account.private_key_sealed", row.private_key_sealed).decode()
        return Numbers(row, private, tx.unseal("pay_account.apiv3_key_sealed", row.apiv3_key_sealed).decode())


async def put_into(tx: Tx, *, known: Numbers, sub_mchid: str, appid: str) -> None:
    """Have a merchant trade under the provider's signature from now on; what was open under another number stays."""
    row = known.account
    await accounts.save(
        tx,
        mode=Mode.PARTNER,
        mchid=row.mchid,
        appid=appid,
        sub_mchid=sub_mchid,
        sp_appid=row.appid,
        serial=row.serial,
        public_key_id=row.public_key_id,
        fee_per_myriad=rules.at(tx.now).rate_per_myriad,
    )
    await _give_keys(tx, known)


async def _give_keys(tx: Tx, known: Numbers) -> None:
    await accounts.save_keys(
        tx,
        private_key_pem=known.private_key,
        apiv3_key=known.apiv3_key,
        public_key_pem=known.account.public_key_pem,
        public_key_id=known.account.public_key_id,
    )


async def tell_changed(tx: Tx, row: PayAccount) -> None:
    """Say that the provider's keys changed, in the transaction that changed them."""
    await tx.emit(ProviderKeysChanged(row.mchid))


async def hand_on(world: World, *, mchid: str) -> int:
    """Give the provider's keys to every merchant who trades under its number; say to how many."""
    known = await numbers(world, mchid=mchid)
    if known is None:
        return 0
    async with world.system_tx() as tx:
        merchants: list[UUID] = await tx.value(UNDER, mchid)
    row = known.account
    for merchant in merchants:
        async with world.tx(merchant) as tx:
            own = await accounts.in_use(tx)
            if own is None or own.mode is not Mode.PARTNER or own.mchid != mchid:
                continue  # moved to another number meanwhile
            await accounts.save(
                tx, mode=own.mode, mchid=mchid, appid=own.appid, sub_mchid=own.sub_mchid, sp_appid=row.appid,
                serial=row.serial, public_key_id=row.public_key_id,
            )  # fmt: skip
            await _give_keys(tx, known)
    return len(merchants)


async def banks(world: World, *, personal: bool) -> list[Bank]:
    """List the banks money can be settled to; asked for once a day. Raises NoProvider, NoSuchPlace, BanksAway."""
    return await _once(world, ("banks", str(personal)), lambda it: wx.banks(it.client, personal=personal))


async def provinces(world: World) -> list[Named]:
    """List the provinces that branches are found by."""
    return await _once(world, ("provinces",), lambda it: wx.provinces(it.client))


async def cities(world: World, *, province: str) -> list[Named]:
    """List a province's cities."""
    return await _once(world, ("cities", province), lambda it: wx.cities(it.client, province=province))


async def branches(world: World, *, bank: str, city: str) -> list[Named]:
    """List a bank's branches in a city."""
    return await _once(world, ("branches", bank, city), lambda it: wx.branches(it.client, bank=bank, city=city))


async def _once(world: World, key: tuple[str, ...], ask: Callable[[Till], Awaitable[list[T]]]) -> list[T]:
    shelf: dict[tuple[str, ...], tuple[float, Any]] = world.shelf.setdefault(SHELF, {})
    now = world.clock.now().timestamp()
    at, found = shelf.get(key, (0.0, None))
    if found is None or now - at >= FRESH_SECONDS:
        it = await till(world)
        try:
            found = await ask(it)
        except PayError as refused:
            raise (NoSuchPlace if refused.status in (400, 404) else BanksAway) from None
        except Unreachable:
            raise BanksAway from None
        if len(shelf) > 500:  # many cities of many banks: begin anew rather than grow
            shelf.clear()
        shelf[key] = (now, found)
    kept: list[T] = found
    return kept
