"""Scenes of the last two weeks that a common day does not have: presales, the shop's own delivery, stored value,
tickets, and what runs low; those with partners, carriers and people to be paid are `dealings`. A few dozen doings,
each on its day, through the public verbs."""

import random
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from tongshang.app.seed import dealings, wares
from tongshang.app.seed.build import known_id
from tongshang.app.seed.cast import Customer, Parcel, Play, move_in, pay
from tongshang.catalog.stock import Why
from tongshang.catalog.stocks import levels
from tongshang.fulfilment import bringing
from tongshang.fulfilment.tickets import shown, use
from tongshang.payments import paying
from tongshang.platform.work import settle
from tongshang.platform.world import World
from tongshang.trade import place, quotes, tills
from tongshang.trade.asked import Asked
from tongshang.trade.model import Delivery, Order
from tongshang.trade.presales import balances
from tongshang.trade.quotes import Question, Wanted
from tongshang.wallet import recharges, returns

NEAR = {"tea": ("浙江省", "杭州市", "西湖区", "龙井路"), "dining": ("湖北省", "武汉市", "江汉区", "解放大道")}
Scene = Callable[[Play, datetime], Awaitable[None]]


async def play(world: World, plays: list[Play], *, day: int, end: datetime) -> None:
    """Play what happens so many days before the end, shop by shop."""
    for scene in SCENES.get(day, ()):
        for one in plays:
            await scene(one, end)
        await settle(world)
        await plays[0].box.call("POST", "/settle")
        await settle(world)


async def _new_wares(play: Play, end: datetime) -> None:
    await wares.offer(play.world, play.merchant, play.shop.shop.slug, end=end)


async def _recharge(play: Play, end: datetime) -> None:
    """Let some pay ahead, each another amount."""
    if play.shop.shop.slug == "dining":
        return
    for nth, buyer in enumerate(play.customers[:4]):
        pay_fen = wares.OFFERS[nth % len(wares.OFFERS)][0]
        async with play.world.tx(play.merchant) as tx:
            recharge = known_id("recharge", play.shop.shop.slug, nth)
            offer = known_id("offer", play.shop.shop.slug, pay_fen)
            await recharges.open(tx, recharge=recharge, fan=buyer.fan, offer=offer)
        async with play.world.tx(play.merchant) as tx:
            promised = await recharges.promise(tx, recharge=recharge, fan=buyer.fan)
        await pay(play, buyer, await paying.prepare(play.world, play.merchant, charge=recharge, promised=promised))


async def _spend(play: Play, end: datetime) -> None:
    """Pay from the balance: all of an order, and a part of another."""
    if play.shop.shop.slug == "dining":
        return
    goods = known_id("variant", play.shop.shop.slug, 1, 0)
    for buyer, balance_fen in zip(play.customers[:2], (None, 5_000), strict=True):
        order = await _buy(play, buyer, Wanted(variant_id=goods, delivery=Delivery.EXPRESS), balance_fen=balance_fen)
        play.to_send.append(Parcel(order.id, False, random.Random(order.total_fen)))


async def _give_back(play: Play, end: datetime) -> None:
    if play.shop.shop.slug == "tea":
        async with play.world.tx(play.merchant) as tx:
            recharge = known_id("recharge", "tea", 3)
            await returns.ask(
                tx, return_id=known_id("return", recharge), recharge=recharge, reason="顾客搬家，不再来店"
            )


async def _deposits(play: Play, end: datetime) -> None:
    """Order ahead: what can be paid up soon, and what later."""
    if play.shop.shop.slug == "tea":
        for nth, buyer in enumerate(play.customers[:6]):
            variant = known_id("presale", wares.PRESALES[nth // 4].title)
            await _buy(play, buyer, Wanted(variant_id=variant, delivery=Delivery.EXPRESS))


async def _pay_up(play: Play, end: datetime) -> None:
    """Two of those whose balance is open pay it."""
    if play.shop.shop.slug != "tea":
        return
    for buyer in play.customers[1:3]:
        order = known_id("scene order", "tea", buyer.name, known_id("presale", wares.PRESALES[0].title))
        async with play.world.tx(play.merchant) as tx:
            charge, promised = await balances.promise(tx, order=order, fan=buyer.fan)
        await pay(play, buyer, await paying.prepare(play.world, play.merchant, charge=charge.id, promised=promised))


async def _tickets(play: Play, end: datetime) -> None:
    kind = "service" if play.shop.shop.slug == "beauty" else "ticket"
    variant = known_id("special", play.shop.shop.slug, kind)
    for buyer in play.customers[:3]:
        await _buy(play, buyer, Wanted(variant_id=variant, quantity=2, delivery=Delivery.NONE))


async def _take(play: Play, end: datetime) -> None:
    """Take tickets at the counter: one of the second customer's, all of the third's."""
    for buyer, all_of_them in zip(play.customers[1:3], (False, True), strict=True):
        async with play.world.tx(play.merchant) as tx:
            found = await shown.of_fan(tx, fan=buyer.fan, section="valid", before=None, limit=5)
            for one in found if all_of_them else found[:1]:
                times = one.uses if all_of_them else 1
                by = play.shop.assistant
                await use.use(tx, code=one.code, use_id=known_id("use", one.order_id, one.id), count=times, staff=by)


async def _nearby(play: Play, end: datetime) -> None:
    """Order from round the corner; the shop brings it: one has it, one is on the way, two wait."""
    if (street := NEAR.get(play.shop.shop.slug)) is None:
        return
    goods = known_id("variant", play.shop.shop.slug, 0, 0)
    brought = []
    for buyer in play.customers[:4]:
        home = await move_in(play, buyer, random.Random(buyer.name), street=street)
        wanted = Wanted(variant_id=goods, quantity=2, delivery=Delivery.LOCAL)
        brought.append((await _buy(play, buyer, wanted, address=home, window=wares.WINDOWS[0])).id)
    await settle(play.world, merchant=play.merchant)
    await play.box.call("POST", "/settle")
    await settle(play.world, merchant=play.merchant)
    async with play.world.tx(play.merchant) as tx:
        for order in brought[:2]:
            await bringing.set_out(tx, order=order, courier="小李", phone="13800002211", staff=play.shop.assistant)
        await bringing.arrive(tx, order=brought[0], staff=play.shop.assistant)


async def _run_low(play: Play, end: datetime) -> None:
    """Count what got damp, and want to be told earlier of what sells best."""
    slug = play.shop.shop.slug
    short, best = known_id("variant", slug, 3, 0), known_id("variant", slug, 0, 0)
    async with play.world.tx(play.merchant) as tx:
        left, much = [(await levels.one(tx, variant=one)).on_hand for one in (short, best)]
        staff = known_id("staff", slug)
        why = Why(staff=staff, note="盘点发现包装受潮，报损")
        if left > 4:  # warned of by everybody's rule
            await levels.adjust(tx, variant=short, more=4 - left, why=why)
        await levels.keep_back(tx, variant=best, safety=2, warn_at=much + 10)


async def _come_back(play: Play, end: datetime) -> None:
    """Let the first of the tea shop's customers order once more; his parcel says where it is."""
    if play.shop.shop.slug == "tea":
        wanted = Wanted(variant_id=known_id("variant", "tea", 5, 0), quantity=2, delivery=Delivery.EXPRESS)
        order = await _buy(play, play.customers[0], wanted)
        play.to_send.append(Parcel(order.id, False, random.Random(order.total_fen)))


async def _buy(
    play: Play, buyer: Customer, wanted: Wanted, *, address: UUID | None = None, window: str = "",
    balance_fen: int | None = 0,
) -> Order:  # fmt: skip
    """Order one thing and pay for it; from the balance first, all of it when no amount is said."""
    if wanted.delivery == Delivery.EXPRESS:
        address = buyer.address = buyer.address or await move_in(play, buyer, random.Random(buyer.name))
    quote = await quotes.ask(play.world, play.merchant, Question(buyer.fan, wanted, address))
    balance_fen = quote.price.total_fen if balance_fen is None else balance_fen
    asked = Asked(
        order_id=known_id("scene order", play.shop.shop.slug, buyer.name, wanted.variant_id), fan_id=buyer.fan,
        wanted=wanted, address_id=address, quote_token=quote.quote_token, window=window, balance_fen=balance_fen,
    )  # fmt: skip
    order = await place.place(play.world, play.merchant, asked)
    if balance_fen < order.total_fen:
        promised = await tills.open(play.world, play.merchant, order=order.id, fan=buyer.fan)
        await pay(play, buyer, await paying.prepare(play.world, play.merchant, charge=order.id, promised=promised))
    return order


SCENES: dict[int, tuple[Scene, ...]] = {
    12: (_new_wares,),
    10: (_recharge,),
    8: (_spend,),
    6: (_deposits, _tickets),
    5: (dealings.share,),
    3: (_take, _give_back, dealings.follow_parcels, _come_back),
    2: (dealings.commission,),
    1: (dealings.gifts, dealings.take, dealings.invoices),
    0: (_pay_up, _nearby, _run_low, dealings.thank),
}
"""By the days before the end."""
