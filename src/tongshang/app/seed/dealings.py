"""Scenes of the last days with others: partners who get a part, parcels that say where they are, invoices, gifts.

All of it through the public verbs, and at the simulator what WeChat, kuaidi100 and people with phones do.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import NAMESPACE_OID, UUID, uuid5

from tongshang.app.seed.build import PROVIDER, known_id
from tongshang.app.seed.cast import Customer, Play
from tongshang.fulfilment.invoices import asking, issuing
from tongshang.fulfilment.tracking import accounts as tracking
from tongshang.payments import accounts
from tongshang.payments.payouts import payouts, rounds
from tongshang.payments.payouts.model import Face, PayoutState
from tongshang.payments.sharing import receivers, settings
from tongshang.payments.sharing.model import Base, Purpose, ReceiverKind, Relation
from tongshang.platform.money import Fen
from weixin.products.pay import transfers

SUPPLIER = ("1900000201", "茶山供应链有限公司")
COMPANY = ("杭州云栖茶文化有限公司", "91330106MA2B1TEA7Y")


class Gift(NamedTuple):
    """What is given to people: to whom (by the order in which they came), how much, why, in which words."""

    name: str
    people: range
    face: Face
    fen: Fen
    reason: str
    report: Mapping[str, str]
    remark: str


TASTING = {"活动名称": "秋茶品鉴会", "奖励说明": "到场签到红包"}
COMMISSION = Gift("commission", range(5, 6), Face.TRANSFER, 6_600, "commission",
                  {"岗位类型": "推广员", "报酬说明": "本月推广佣金"}, "推广佣金，辛苦了")  # fmt: skip
BROKEN = Gift("broken", range(4, 5), Face.TRANSFER, 2_000, "compensation", {"赔付原因": "包装破损补偿"}, "包装破损补偿")
PACKETS = Gift("packets", range(3), Face.RED_PACKET, 888, "marketing", TASTING, "感谢品鉴，一点心意")
THANKS = Gift("thanks", range(1), Face.RED_PACKET, 1_888, "marketing", TASTING, "好茶配好友")


def _tea(play: Play) -> bool:
    return play.shop.shop.slug == "tea"


async def share(play: Play, end: datetime) -> None:
    """Have a supplier and the provider get a part of what is paid from now on, a day after it was."""
    if not _tea(play):
        return
    mchid, name = SUPPLIER
    asked = {"mchid": mchid, "name": name, "appids": [play.shop.appid], "mode": "public_key"}
    await play.box.call("POST", "/merchants", asked)
    parts = (
        (SUPPLIER, "茶山供应链", Relation.SUPPLIER, Purpose.PARTNER, 800, Base.PAID),
        (PROVIDER, "通商平台服务费", Relation.SERVICE_PROVIDER, Purpose.PLATFORM_FEE, 100, Base.NET),
    )
    async with play.world.tx(play.merchant) as tx:
        await settings.save(tx, enabled=True, hold_days=1, max_per_myriad=3_000)
        for (account, full), label, relation, purpose, part, base in parts:
            wish = receivers.Wish(ReceiverKind.MERCHANT, account, full, relation, "", label, purpose, part, base)
            await receivers.put(tx, receiver_id=known_id("receiver", account), wish=wish)


async def follow_parcels(play: Play, end: datetime) -> None:
    """Enter an account at kuaidi100: what is sent from now on says where it is."""
    if not _tea(play):
        return
    key = play.world.secrets.derive("demo kuaidi")[:16]
    await play.box.call("POST", "/kuaidi/accounts", {"customer": "TEA0001", "key": key})
    async with play.world.tx(play.merchant) as tx:
        await tracking.put(tx, customer="TEA0001", key=key, enabled=True)


async def invoices(play: Play, end: datetime) -> None:
    """Let those who bought tickets ask for invoices; one is issued, two wait."""
    slug = play.shop.shop.slug
    variant = known_id("special", slug, "service" if slug == "beauty" else "ticket")
    for nth, buyer in enumerate(play.customers[:3]):
        order = known_id("scene order", slug, buyer.name, variant)
        title, tax = COMPANY if nth == 1 else (buyer.nickname, "")
        invoice = known_id("invoice", order)
        async with play.world.tx(play.merchant) as tx:
            await asking.ask(
                tx, invoice=invoice, order=order, fan=buyer.fan, kind="company" if tax else "person", title=title,
                tax_number=tax, email=f"{buyer.name}@example.com",
            )  # fmt: skip
            if nth == 0:
                number = f"2533{tx.rng.randrange(10**16):016d}"
                await issuing.issue(tx, invoice=invoice, number=number, link="", staff=known_id("staff", slug))


async def commission(play: Play, end: datetime) -> None:
    """Pay somebody who does not look at his phone: it comes back after a day."""
    if _tea(play):
        await _give(play, COMMISSION)


async def gifts(play: Play, end: datetime) -> None:
    """Make up for a broken parcel, and send red packets."""
    if _tea(play):
        await _give(play, BROKEN)
        await _give(play, PACKETS)


async def take(play: Play, end: datetime) -> None:
    """Let most of them take what waits for them."""
    if _tea(play):
        await _take(play, BROKEN, play.customers[4:5])
        await _take(play, PACKETS, play.customers[:2])  # the third leaves his


async def thank(play: Play, end: datetime) -> None:
    """Send the best customer one more, which waits."""
    if _tea(play):
        await _give(play, THANKS)


async def _give(play: Play, gift: Gift) -> None:
    async with play.world.tx(play.merchant) as tx:
        await rounds.send(
            tx, round_id=known_id("round", gift.name), fans=[play.customers[nth].fan for nth in gift.people],
            face=gift.face, amount_fen=gift.fen, reason=gift.reason, report=gift.report, remark=gift.remark, name="",
            staff_id=known_id("staff", "tea"), staff_name="店主",
        )  # fmt: skip


async def _take(play: Play, gift: Gift, people: Sequence[Customer]) -> None:
    """Open the sheet in the store, and press its button on the phone."""
    for one in people:
        async with play.world.tx(play.merchant) as tx:
            row = await payouts.get(tx, payout=_of(gift, one))
            if row.state is not PayoutState.WAITING:
                continue
            till = await accounts.till(tx, account=row.account_id)
        sheet = transfers.sheet(till.client, appid=row.appid, package=row.package)
        await play.box.act(one.name, "transfer/confirmation", **sheet)


def _of(gift: Gift, one: Customer) -> UUID:
    return uuid5(NAMESPACE_OID, f"{known_id('round', gift.name)}/{one.fan}")
