"""One history: forty actors in the weather of a seed, until it clears up, everything settles, and mornings come."""

from datetime import UTC, date, datetime, timedelta

from storm import cases, gifts, shares
from storm.clerks import Clerk, Manager
from storm.people import Actor, Customer
from storm.scene import Scene, dice, gather
from storm.weather import Weather
from tongshang.payments.bills import days
from tongshang.platform.work import Worker
from wxsandbox.pay.rows import PayOrder, PayRefund

ROUNDS, AT_ONCE = 28, 5
DAY = date(2026, 11, 20)
LIES = ("bill_drop", "bill_double", "bill_reprice", "bill_add")


async def play(scene: Scene) -> None:
    """Play a seed's history to its end."""
    customers = [Customer(scene, f"c{n:02}") for n in range(35)]
    actors: list[Actor] = [*customers, *(Clerk(scene, f"clerk{n}") for n in range(4)), Manager(scene, "manager")]
    weather, rng, nodes = Weather(scene), dice(scene.seed, "history"), scene.nodes
    await gather(*(one.arrive() for one in customers))
    staff = actors[len(customers) :]
    for number in range(ROUNDS):
        await weather.turn()
        # Who is in the shop stays for a while, to order, pay and regret; then others come.
        inside = customers[number : number + 9] + customers[: max(0, number + 9 - len(customers))]
        crowd = [*rng.sample(inside, AT_ONCE), *rng.sample(staff, 2)]
        busy = [nodes.sweep(rng.randrange(len(nodes.all)), f"worker {n}") for n in range(rng.randrange(3))]
        clock = [weather.time()] if rng.random() < 0.5 else []
        bolt = weather.lightning(len(nodes.all))
        kill = [nodes.strike(*bolt)] if bolt else []
        await gather(*(one.act() for one in crowd), *busy, *clock, *kill)
        if bolt:
            await nodes.recover()
        await weather.time()
        if number % 6 == 5:
            await scene.shop.settle()
    await settle(scene, weather)
    await mornings(scene)
    await weeks(scene)


async def settle(scene: Scene, weather: Weather) -> None:
    """Let everything come to its end: notices, queries, closings, refunds, also those that were stuck."""
    await weather.clear_up()
    manager = Manager(scene, "manager in the evening")
    shop = scene.shop
    await cases.resolve(scene, manager, lazy=scene.seed % 4 == 1)
    for seconds in (1, 30, 120, 900, 1_200, 3_600, 7_200, 3_600, 7_200):
        await scene.advance(seconds)
        await shop.settle()
        for row in list(shop.box.table(PayRefund)):
            if row.status == "ABNORMAL":
                await shop.sandbox.end_refund(row.out_refund_no, "SUCCESS")
        await manager.repeat()
        await gifts.resolve(manager)
        await shares.decide(manager)
        await shop.settle()


async def mornings(scene: Scene) -> None:
    """Let the bills come; the first one lies in some seeds, is found out, and is mended."""
    shop, lying = scene.shop, scene.seed % 3 == 0
    paid = [row for row in shop.box.table(PayOrder) if row.transaction_id and row.caller_day.endswith(str(DAY))]
    target = paid[0] if paid else None
    if lying and target is not None:
        lie = LIES[scene.seed // 3 % len(LIES)]
        number = "" if lie == "bill_add" else target.out_trade_no
        await shop.sandbox.lie(target.mchid, str(DAY), lie.removeprefix("bill_"), number=number, fen=77)
        scene.say(f"-- the bill will lie: {lie} {number}")
    await _morning(scene, DAY + timedelta(days=1))
    if lying and target is not None:
        async with shop.world.tx(shop.merchant) as tx:
            assert (await days.one(tx, day=DAY)).differences, "the lie of the bill was not found"
        await shop.sandbox.heal()
        async with shop.world.tx(shop.merchant) as tx:
            await days.ask(tx, day=DAY)
        await shop.settle()
    await _morning(scene, DAY + timedelta(days=2))


async def _morning(scene: Scene, day: date) -> None:
    moment = datetime(day.year, day.month, day.day, 2, 5, tzinfo=UTC)
    await scene.shop.box.scheduler.advance_to(moment.timestamp())
    scene.shop.world.shelf.pop("duties", None)
    await Worker(scene.shop.world, name="morning").duties()
    await scene.shop.settle()


async def weeks(scene: Scene) -> None:
    """Where cases were left to their clocks, let weeks go by until the last one has decided, and the bills of them."""
    shop = scene.shop
    for _ in range(20):
        if not await shop.all("select 1 from aftersale where merchant_id = $1 and ended_at is null"):
            break
        await scene.advance(2 * 86_400)
        await shop.settle()
    else:
        return  # the audit names what has not ended
    today = shop.world.clock.now().date()
    if today > DAY + timedelta(days=2):
        await _morning(scene, today + timedelta(days=2))
