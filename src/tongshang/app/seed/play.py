"""Sixty days of business, played through the public verbs against the simulator with its clock turned."""

import asyncio
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tongshang.app.seed.build import Built, known_id
from tongshang.app.seed.goods import CARRIERS, GIVEN, REMARKS, STREETS, SURNAMES
from tongshang.app.seed.simulator import Simulator
from tongshang.fans import consents, people
from tongshang.fulfilment import pickups, shipments
from tongshang.payments import paying
from tongshang.platform.clock import ManualClock
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.work import Worker, settle
from tongshang.platform.world import World
from tongshang.trade import addresses, carts, orders, place, quotes, refunds, tills
from tongshang.trade.addresses import Address
from tongshang.trade.asked import Asked
from tongshang.trade.model import Delivery, Order
from tongshang.trade.parts import progress
from tongshang.trade.quotes import Wanted

DAYS = 60
FANS = 200
ORDERS = 1200
HOURS = (11.4, 20.2)


@dataclass
class Customer:
    """Somebody who follows one of the shops."""

    name: str
    nickname: str
    shop: Built
    fan: UUID
    openid: str
    address: UUID | None = None


@dataclass(frozen=True)
class Parcel:
    """What is to be sent or handed out, and its luck."""

    shop: Built
    order: UUID
    pickup: bool
    rng: random.Random


@dataclass
class Play:
    """The play so far."""

    world: World
    box: Simulator
    shops: list[Built]
    rng: random.Random
    customers: list[Customer] = field(default_factory=list)
    to_send: list[tuple[Built, UUID, bool]] = field(default_factory=list)
    sent: list[tuple[Built, UUID, datetime]] = field(default_factory=list)
    placed: int = 0

    @property
    def clock(self) -> ManualClock:
        """The clock of the play's own process."""
        assert isinstance(self.world.clock, ManualClock)
        return self.world.clock

    async def turn(self, moment: datetime) -> None:
        """Let it be `moment`, in the simulator and here."""
        # Ours goes along with what the simulator sends on the way (see `post`), and then the rest.
        await self.box.turn(moment)
        self.clock.set(moment)
        await self.box.call("POST", "/settle")


async def sixty_days(play: Play, *, end: datetime) -> None:
    """Play every day's two sittings, the last one ending just before `end`."""
    worker = Worker(play.world, name="seed")
    for day in range(DAYS, -1, -1):
        morning = (end - timedelta(days=day)).replace(hour=0, minute=0, second=0, microsecond=0)
        # Today ends now, so its sittings are closer together; other days differ by up to an hour.
        today = (end - morning) / timedelta(hours=HOURS[-1]) if day == 0 else 1.0
        for n, hour in enumerate(HOURS):
            moment = morning + timedelta(hours=(hour if day == 0 else hour + play.rng.random()) * today)
            await play.turn(moment)
            await _come(play, day)
            await _hand_over(play)
            await _buy(play, day)
            await settle(play.world)
            if n == 0 and day < DAYS:
                await worker.duties()  # yesterday's bill, among others
                await settle(play.world)
        await _receive(play)


async def _come(play: Play, day: int) -> None:
    """Let a few people scan a shop's code and follow."""
    due = FANS * (DAYS - day + 1) // DAYS - len(play.customers)
    count = min(max(0, due), 4)
    names = [f"fan{len(play.customers) + n + 1:03d}" for n in range(count)]
    play.customers += await asyncio.gather(*(_follow(play, name) for name in names))


async def _follow(play: Play, name: str) -> Customer:
    shop = play.shops[int(name[3:]) % 3]
    nickname = play.rng.choice(SURNAMES) + play.rng.choice(GIVEN)
    await play.box.call("POST", "/people", {"name": name, "nickname": nickname})
    await play.box.act(name, "scan", ticket=play.rng.choice(shop.tickets))
    openid = (await play.box.act(name, "payer", appid=shop.appid))["openid"]
    async with play.world.tx(shop.merchant) as tx:
        fan = await people.enter(tx, appid=shop.appid, openid=openid, unionid=None, nickname=nickname, avatar=None)
    return Customer(name, nickname, shop, fan.id, openid)


async def _buy(play: Play, day: int) -> None:
    """Let a few customers order, most of whom pay; a shop that grows sells more towards the end."""
    due = round(ORDERS * ((DAYS - day + 1) / (DAYS + 1)) ** 1.25)
    count = min(max(0, due - play.placed), 16)
    if not play.customers:
        return
    play.placed += count
    # Nobody orders twice at one sitting: one person has one cart.
    buyers = play.rng.sample(play.customers, min(count, len(play.customers)))
    plans = [(buyer, play.rng.random(), play.rng.getrandbits(64)) for buyer in buyers]
    await asyncio.gather(*(_order(play, buyer, luck, random.Random(seed)) for buyer, luck, seed in plans))


async def _order(play: Play, buyer: Customer, luck: float, rng: random.Random) -> None:
    shop = buyer.shop
    pickup = rng.random() < {"tea": 0.15, "dining": 0.85, "beauty": 0.3}[shop.shop.slug]
    delivery = Delivery.PICKUP if pickup else Delivery.EXPRESS
    try:
        order = await _place(play, buyer, delivery, rng)
    except Refused:
        return  # sold out, or the coupon went elsewhere: it happens
    if luck > 0.9:
        return  # never pays; the order closes by itself
    promised = await tills.open(play.world, shop.merchant, order=order.id, fan=buyer.fan)
    bill = await paying.prepare(play.world, shop.merchant, charge=order.id, promised=promised)
    await play.box.act(buyer.name, "pay", **bill, password="123456")
    play.to_send.append((shop, order.id, pickup))


async def _place(play: Play, buyer: Customer, delivery: Delivery, rng: random.Random) -> Order:
    world, merchant = play.world, buyer.shop.merchant
    async with world.tx(merchant) as tx:
        # What was sold out last time would keep this customer from ever ordering again.
        for left in await carts.lines(tx, fan=buyer.fan):
            await carts.drop(tx, fan=buyer.fan, variant=left.variant_id)
        if delivery == Delivery.EXPRESS and buyer.address is None:
            buyer.address = await _move_in(play, buyer, rng)
        for variant in rng.sample(buyer.shop.variants, rng.choice((1, 1, 1, 2, 2, 3))):
            await carts.put(tx, fan=buyer.fan, variant=variant, quantity=rng.choice((1, 1, 1, 2)), selected=True)
        wanted = Wanted(delivery=delivery, best_coupon=rng.random() < 0.7)
        address = buyer.address if delivery == Delivery.EXPRESS else None
        quote = await quotes.make(tx, fan=buyer.fan, wanted=wanted, address=address)
        fresh = tx.new_id()
    asked = Asked(
        order_id=fresh,
        fan_id=buyer.fan,
        wanted=Wanted(delivery=delivery, coupon_id=quote.coupon_id),
        address_id=address,
        quote_token=quote.quote_token,
        remark=rng.choice(REMARKS),
    )
    return await place.place(world, merchant, asked)


async def _move_in(play: Play, buyer: Customer, rng: random.Random) -> UUID:
    """Agree to the privacy text and keep an address."""
    province, city, district, street = rng.choice(STREETS)
    async with play.world.tx(buyer.shop.merchant) as tx:
        await consents.record(tx, fan_id=buyer.fan, version=(await consents.privacy(tx)).version, accepted=True)
        phone = f"13{rng.randrange(10**9):09d}"
        detail = f"{street} {rng.randrange(1, 30)} 栋 {rng.randrange(101, 2699)} 室"
        row = Address(
            known_id("address", buyer.name),
            buyer.fan,
            buyer.nickname,
            phone,
            [province, city, district],
            detail,
            True,
            tx.now,
        )
        await addresses.put(tx, address=row)
    return row.id


async def _hand_over(play: Play) -> None:
    """Send what was paid at the last sitting, or hand it out; refund a little of it. Each shop goes by itself."""
    waiting, play.to_send = play.to_send, []
    by_shop: dict[UUID, list[Parcel]] = {}
    for shop, order, pickup in waiting:
        rng = random.Random(play.rng.getrandbits(64))
        by_shop.setdefault(shop.merchant, []).append(Parcel(shop, order, pickup, rng))
    await asyncio.gather(*(_handed(play, parcels) for parcels in by_shop.values()))


async def _handed(play: Play, parcels: list[Parcel]) -> None:
    """Let a shop's people work through what waits, in one go."""
    async with play.world.tx(parcels[0].shop.merchant) as tx:
        for one in parcels:
            luck = one.rng.random()
            if (await orders.get(tx, order=one.order)).paid_at is None:
                continue
            if luck < 0.04:
                await _refund(tx, one)
                continue
            if one.pickup:
                code = await pickups.of_order(tx, order=one.order)
                if code is not None:
                    await pickups.verify(tx, code=code.code, staff=one.shop.assistant)
            else:
                carrier, number = one.rng.choice(CARRIERS), f"SF{one.rng.randrange(10**12):012d}"
                parcel = known_id("parcel", one.order)
                await shipments.send(tx, shipment=parcel, order=one.order, company=carrier, number=number)
                play.sent.append((one.shop, one.order, tx.now))
            if luck < 0.07:
                await _refund(tx, one)


async def _refund(tx: Tx, one: Parcel) -> None:
    """Give the money of one piece back."""
    line = (await orders.lines(tx, order=one.order))[0]
    if line.paid_fen:
        reason = one.rng.choice(("拍错了", "少发一件，协商退款", "包装破损", "不想要了"))
        await refunds.ask(
            tx,
            refund_id=known_id("refund", one.order),
            order=one.order,
            parts=[refunds.Part(line.id, 1)],
            reason=reason,
        )


async def _receive(play: Play) -> None:
    """Let some customers say that their parcel has arrived; the others' orders complete by themselves."""
    ripe = [one for one in play.sent if play.clock.now() - one[2] > timedelta(days=3)]
    play.sent = [one for one in play.sent if one not in ripe]
    # In an order of its own: shops that go side by side finish in any.
    happy = [(shop, order) for shop, order, _ in sorted(ripe, key=lambda one: one[1]) if play.rng.random() < 0.7]
    by_shop: dict[UUID, list[UUID]] = {}
    for shop, order in happy:
        by_shop.setdefault(shop.merchant, []).append(order)
    await asyncio.gather(*(_received(play, merchant, arrived) for merchant, arrived in by_shop.items()))


async def _received(play: Play, merchant: UUID, arrived: list[UUID]) -> None:
    async with play.world.tx(merchant) as tx:
        for order in arrived:
            await progress.receive(tx, order=order)
