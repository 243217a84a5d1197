"""Sixty days of business, played through the public verbs against the simulator with its clock turned."""

import asyncio
import random
from datetime import datetime, timedelta

from tongshang.app.seed import opinions, scenes
from tongshang.app.seed.build import Built, known_id
from tongshang.app.seed.cast import Customer, Parcel, Play, move_in, pay
from tongshang.app.seed.goods import CARRIERS, GIVEN, REMARKS, SURNAMES
from tongshang.app.seed.simulator import Simulator
from tongshang.fans import people
from tongshang.fulfilment import pickups, shipments
from tongshang.payments import paying
from tongshang.platform.clock import ManualClock
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.work import Worker, settle
from tongshang.platform.world import World
from tongshang.trade import carts, orders, place, quotes, refunds, tills
from tongshang.trade.asked import Asked
from tongshang.trade.carts import Wish
from tongshang.trade.model import Delivery, Order
from tongshang.trade.parts import progress
from tongshang.trade.quotes import Question, Wanted

DAYS = 60
FANS = 68
ORDERS = 400
"""Of each shop."""
HOURS = (11.4, 20.2)


async def sixty_days(world: World, box: Simulator, shops: list[Built], *, end: datetime) -> list[Play]:
    """Play a sitting every day, at noon or in the evening, in all shops, the last one at `end`; give the plays."""
    rng = random.Random(7)
    plays = [Play(world, box, shop, nth, random.Random(rng.getrandbits(64))) for nth, shop in enumerate(shops)]
    for play in plays:
        play.pictures = await opinions.pictured(world, play.merchant, play.shop.shop)
    worker = Worker(world, name="seed")
    for day in range(DAYS, -1, -1):
        morning = (end - timedelta(days=day)).replace(hour=0, minute=0, second=0, microsecond=0)
        await _turn(world, box, end if day == 0 else morning + timedelta(hours=HOURS[day % 2] + rng.random()))
        await worker.duties()  # yesterday's bill, among others
        await asyncio.gather(*(_sit(play, day) for play in plays))
        await scenes.play(world, plays, day=day, end=end)
    await settle(world)
    return plays


async def _turn(world: World, box: Simulator, moment: datetime) -> None:
    """Let it be `moment`, in the simulator and here."""
    # Ours goes along with what the simulator sends on the way (see `post`), and then the rest.
    assert isinstance(world.clock, ManualClock)
    await box.turn(moment)
    world.clock.set(moment)
    await box.call("POST", "/settle")


async def _sit(play: Play, day: int) -> None:
    """Play one sitting in one shop, so many days before the end."""
    progress = (DAYS - day + 1) / (DAYS + 1)
    await _come(play, progress)
    await _hand_over(play)
    await _receive(play)
    await _buy(play, progress)
    await settle(play.world, merchant=play.merchant)


async def _come(play: Play, progress: float) -> None:
    """Let a few people scan the shop's code and follow; `progress` says how much of the play is over."""
    count = min(max(0, round(FANS * progress) - len(play.customers)), 2)
    numbers = [3 * (len(play.customers) + n) + (play.nth or 3) for n in range(count)]
    play.customers += await asyncio.gather(*(_follow(play, f"fan{number:03d}") for number in numbers))


async def _follow(play: Play, name: str) -> Customer:
    nickname = play.rng.choice(SURNAMES) + play.rng.choice(GIVEN)
    ticket = play.rng.choice(play.shop.tickets)
    await play.box.call("POST", "/people", {"name": name, "nickname": nickname})
    await play.box.act(name, "scan", ticket=ticket)
    appid = play.shop.appid
    openid = (await play.box.act(name, "payer", appid=appid))["openid"]
    async with play.world.tx(play.merchant) as tx:
        fan = await people.enter(tx, appid=appid, openid=openid, unionid=None, nickname=nickname, avatar=None)
    return Customer(name, nickname, fan.id, openid)


async def _buy(play: Play, progress: float) -> None:
    """Let a few customers order, most of whom pay; a shop that grows sells more towards the end."""
    due = round(ORDERS * progress**1.25)
    if progress < 1:
        due += play.rng.randint(-2, 2)  # no day is like another
    # Nobody orders twice at one sitting: one person has one cart.
    count = min(max(0, due - play.placed), len(play.customers))
    play.placed += count
    buyers = play.rng.sample(play.customers, count)
    plans = [(buyer, play.rng.random(), random.Random(play.rng.getrandbits(64))) for buyer in buyers]
    paid = await asyncio.gather(*(_order(play, *plan) for plan in plans))
    play.to_send += [parcel for parcel in paid if parcel is not None]


async def _order(play: Play, buyer: Customer, luck: float, rng: random.Random) -> Parcel | None:
    pickup = rng.random() < {"tea": 0.15, "dining": 0.85, "beauty": 0.3}[play.shop.shop.slug]
    delivery = Delivery.PICKUP if pickup else Delivery.EXPRESS
    try:
        order = await _place(play, buyer, delivery, rng)
    except Refused:
        return None  # sold out, or the coupon went elsewhere: it happens
    if luck > 0.9:
        return None  # never pays; the order closes by itself
    promised = await tills.open(play.world, play.merchant, order=order.id, fan=buyer.fan)
    bill = await paying.prepare(play.world, play.merchant, charge=order.id, promised=promised)
    await pay(play, buyer, bill)
    return Parcel(order.id, pickup, rng)


async def _place(play: Play, buyer: Customer, delivery: Delivery, rng: random.Random) -> Order:
    world, merchant = play.world, play.merchant
    if delivery == Delivery.EXPRESS and buyer.address is None:
        buyer.address = await move_in(play, buyer, rng)
    async with world.tx(merchant) as tx:
        # What was sold out last time would keep this customer from ever ordering again.
        left = await carts.lines(tx, fan=buyer.fan)
        for line in left:
            await carts.drop(tx, fan=buyer.fan, variant=line.variant_id)
        goods = rng.sample(play.shop.variants, rng.choice((1, 1, 1, 2, 2, 3)))
        await carts.put_all(tx, [Wish(buyer.fan, variant, rng.choice((1, 1, 1, 2)), True) for variant in goods])
        fresh = tx.new_id()
    wanted = Wanted(delivery=delivery, best_coupon=rng.random() < 0.7)
    address = buyer.address if delivery == Delivery.EXPRESS else None
    quote = await quotes.ask(world, merchant, Question(buyer.fan, wanted, address))
    asked = Asked(
        order_id=fresh,
        fan_id=buyer.fan,
        wanted=Wanted(delivery=delivery, coupon_id=quote.coupon_id),
        address_id=address,
        quote_token=quote.quote_token,
        remark=rng.choice(REMARKS),
    )
    return await place.place(world, merchant, asked)


async def _hand_over(play: Play) -> None:
    """Let the shop's people work in one go through what was paid: send it or hand it out, refund a little of it."""
    parcels, play.to_send = play.to_send, []
    if not parcels:
        return
    async with play.world.tx(play.merchant) as tx:
        for one in parcels:
            luck = one.rng.random()
            if (await orders.get(tx, order=one.order)).paid_at is None:
                continue
            if luck < 0.04:
                await _refund(tx, one, whole=True)
                continue
            if one.pickup:
                if 0.5 < luck < 0.56:
                    continue  # never comes: what becomes of it is for the shop to decide
                code = await pickups.of_order(tx, order=one.order)
                if code is not None:
                    await pickups.verify(tx, code=code.code, staff=play.shop.assistant)
            else:
                carrier, prefix = one.rng.choice(CARRIERS)
                number = f"{prefix}{one.rng.randrange(10**12):012d}"
                parcel = known_id("parcel", one.order)
                await shipments.send(tx, shipment=parcel, order=one.order, company=carrier, number=number)
                play.sent.append((one.order, tx.now))
            if luck < 0.07:
                await _refund(tx, one)


async def _refund(tx: Tx, one: Parcel, *, whole: bool = False) -> None:
    """Give the money of one piece back, or all there is of what was not sent."""
    lines = await orders.lines(tx, order=one.order)
    freight = (await orders.get(tx, order=one.order)).freight_fen if whole else 0
    parts = [refunds.Part(line.id, line.quantity) for line in lines] if whole else [refunds.Part(lines[0].id, 1)]
    if not lines[0].paid_fen:
        return
    reason = one.rng.choice(("拍错了", "不想要了") if whole else ("少发一件，协商退款", "包装破损"))
    refund = known_id("refund", one.order)
    await refunds.ask(tx, refund_id=refund, order=one.order, parts=parts, freight_fen=freight, reason=reason)


async def _receive(play: Play) -> None:
    """Let some customers say that their parcel has arrived; the others' orders complete by themselves."""
    now = play.world.clock.now()
    ripe = [one for one in play.sent if now - one[1] > timedelta(days=3)]
    play.sent = play.sent[len(ripe) :]
    happy = [order for order, _ in ripe if play.rng.random() < 0.7]
    if not happy:
        return
    async with play.world.tx(play.merchant) as tx:
        for order in happy:
            await progress.receive(tx, order=order)
        await opinions.say(tx, happy=happy, pictures=play.pictures, rng=random.Random(play.placed))
