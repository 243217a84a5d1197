"""After-sales in the storm: customers ask, clerks answer, goods come back or not, the provider rules, clocks decide."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from make.tills import Shop
from storm import shelf
from tongshang.aftersales import answering, arbitration, asking, moving, returning, settings
from tongshang.aftersales.model import BUYER, ENDED, Actor, By, Case, Kind, S
from tongshang.aftersales.opening import Pieces
from tongshang.aftersales.returning import Back
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.trade import orders

if TYPE_CHECKING:
    from storm.books import Audit
    from storm.people import Actor as Person
    from storm.people import Customer
    from storm.scene import Scene

Verb = Callable[[Tx, Case], Awaitable[Any]]
SHOP, PROVIDER = By(Actor.MERCHANT, "小二"), arbitration.provider("平台")
# Reasons that need no pictures.
REASONS = {
    Kind.REFUND_ONLY: ("not_wanted", "late", "not_received", "agreed", "other"),
    Kind.RETURN: ("changed_mind", "agreed", "other"),
    Kind.EXCHANGE: ("size", "agreed"),
}
OPEN = """select array(select id from aftersale where merchant_id = $1 and ended_at is null
  and state <> 'refunding' order by number)"""
CASES = """select id, number, order_id, kind, state, amount_fen, refund_id, checked_at, replacement_id
from aftersale where merchant_id = $1"""
PAID = """select array(select id from orders
where merchant_id = $1 and fan_id = $2 and paid_at is not null and state <> 'closed' order by number)"""
HELD = "select sum(held)::integer as pieces, sum(held_fen)::bigint as fen from aftersale_held where merchant_id = $1"
PROMISED = "select id, order_id, amount_fen from order_refund where merchant_id = $1"


async def prepare(shop: Shop) -> None:
    """Say where goods go back to."""
    to = settings.ReturnTo(name="张掌柜", phone="057187000000", address="杭州市西湖区龙井路 88 号")
    async with shop.world.tx(shop.merchant) as tx:
        await settings.put(tx, asked=settings.Setting(return_to=to))


async def complain(who: "Customer") -> str:
    """Ask for money, a return or an exchange; a double click is one case."""
    async with who.world.tx(who.merchant) as tx:
        paid: list[UUID] = await tx.value(PAID, tx.merchant, who.fan)
        if not paid:
            return "nothing to complain about"
        order, case = who.rng.choice(paid), who.shop.id()
        line = who.rng.choice(await orders.lines(tx, order=order))
    kind = who.rng.choice(list(REASONS))
    wanted = asking.Asked(
        kind=kind, reason=who.rng.choice(REASONS[kind]), lines=[Pieces(line.id, who.rng.randint(1, line.quantity))]
    )

    async def once() -> Case:
        async with who.world.tx(who.merchant) as tx:
            return await asking.ask(tx, order=order, case=case, fan=who.fan, asked=wanted)

    made = [await who.insist(once) for _ in range(who.rng.choice((1, 1, 2)))]
    who.cases.append(case)
    return f"{made[-1].number} {kind} {made[-1].amount_fen} fen"


async def go_on(who: "Customer") -> str:
    """Do what a customer does next in a case of his."""
    if not who.cases:
        return "no case"
    async with who.world.tx(who.merchant) as tx:
        case = await moving.locked(tx, case=who.rng.choice(who.cases), fan=who.fan)
    return f"{case.number} {await act(who.scene, who, case.id, buyers_turn(case, who))}"


def buyers_turn(case: Case, who: "Person") -> Verb:
    """Choose a customer's next step."""
    fan, lucky = case.fan_id, who.rng.random()
    if case.offer_fen is not None:
        return lambda tx, c: answering.answer_offer(
            tx, case=c.id, fan=fan, amount_fen=case.offer_fen or 0, accepted=lucky < 0.7
        )
    if case.state in (S.AGREED, S.RETURNING):
        return lambda tx, c: returning.send(tx, case=c.id, fan=fan, company="中通", number=f"ZT{case.number}")
    if case.state == S.REPLACED:
        return lambda tx, c: returning.received(tx, case=c.id, fan=fan)
    if case.state in (S.REFUSED, S.RECEIVED) and lucky < 0.7:
        return lambda tx, c: arbitration.call(tx, case=c.id, by=BUYER, words="请平台介入", fan=fan)
    return lambda tx, c: answering.withdraw(tx, case=c.id, fan=fan)


async def answer(who: "Person") -> str:
    """Do what the shop does next in somebody's case."""
    async with who.world.tx(who.merchant) as tx:
        found: list[UUID] = await tx.value(OPEN, tx.merchant)
        if not found:
            return "no case"
        case = await moving.locked(tx, case=who.rng.choice(found))
    return f"{case.number} {await act(who.scene, who, case.id, shops_turn(case, who))}"


def shops_turn(case: Case, who: "Person") -> Verb:
    """Choose the shop's next step."""
    lucky = who.rng.random()
    if case.state in (S.AGREED, S.RETURNING) and lucky < 0.7:
        return lambda tx, c: check_in(tx, who.scene, c, good=lucky < 0.5, refund=lucky < 0.4)
    if case.state == S.RECEIVED and case.kind == Kind.EXCHANGE and lucky < 0.8:
        return lambda tx, c: replace(tx, who.scene, c)
    if case.state == S.ARBITRATION:
        whom, less = who.rng.choice(("buyer", "merchant")), case.amount_fen // 2 if lucky < 0.3 else None
        return lambda tx, c: arbitration.rule(
            tx, case=c.id, by=PROVIDER, finds_for=whom, words="依据凭证", amount_fen=less or None
        )
    if case.state in (S.ASKED, S.RETURNING) and lucky < 0.15:
        return lambda tx, c: answering.refuse(tx, case=c.id, by=SHOP, words="不符合条件")
    if case.state in (S.ASKED, S.REFUSED) and lucky < 0.35 and case.amount_fen > 1:
        return lambda tx, c: answering.offer(tx, case=c.id, by=SHOP, amount_fen=case.amount_fen // 2 or 1, words="少退")
    if case.state in (S.ASKED, S.REFUSED):
        return lambda tx, c: answering.agree(tx, case=c.id, by=SHOP)
    return lambda tx, c: returning.refund(tx, case=c.id, by=SHOP)


async def act(scene: "Scene", who: "Person", case: UUID, verb: Verb) -> str:
    """Do something to a case until it is answered, and foretell what its money puts back on the shelf."""

    async def once() -> str:
        async with who.world.tx(who.merchant) as tx:
            found = await moving.locked(tx, case=case)
            before = await shelf.look(tx, order=found.order_id)
            await verb(tx, found)
            pieces = {line.line_id: line.quantity for line in found.lines}
            await shelf.foretell(tx, scene, before, refund=found.refund_id, pieces=pieces, came=found.returns)
            return f"{found.state} -> {(await moving.locked(tx, case=case)).state}"

    return await who.insist(once)


async def check_in(tx: Tx, scene: "Scene", case: Case, *, good: bool, refund: bool) -> None:
    """Look at what came back: all of it is good, or all but a piece is written off."""
    back = [Back(line.line_id, line.quantity if good else 0) for line in case.lines]
    scene.returned[case.id] = _travelled(scene, case) if good else {}
    condition, words = ("good", "") if good else ("damaged", "已拆封")
    await returning.check_in(tx, case=case.id, by=SHOP, condition=condition, back=back, words=words, refund=refund)


async def replace(tx: Tx, scene: "Scene", case: Case) -> None:
    """Send the same once more, from the shelf."""
    scene.replaced[case.id] = _travelled(scene, case)
    await returning.replace(
        tx, case=case.id, shipment=uuid5(case.id, "again"), by=SHOP, company="顺丰", number=f"SF{case.number}"
    )


def _travelled(scene: "Scene", case: Case) -> dict[UUID, int]:
    """Say what of a case's pieces travels, by variant: of a bundle its parts, tickets left out."""
    made: Counter[UUID] = Counter()
    for line in case.lines:
        parts = scene.parts.get(line.variant_id, {line.variant_id: 1})
        made.update({one: n * line.quantity for one, n in parts.items() if one not in scene.tickets})
    return dict(made)


async def give(who: "Person", order: UUID) -> str:
    """Give money back unasked."""
    case = who.shop.id()
    async with who.world.tx(who.merchant) as tx:
        line = who.rng.choice(await orders.lines(tx, order=order))
    wanted = asking.Given(lines=[Pieces(line.id, 1)], reason=who.rng.choice(("goodwill", "price_gap", "other")))
    count = 1 if wanted.reason == "other" else 0  # else the goods stay, or are still sent

    async def once() -> Case:
        async with who.world.tx(who.merchant) as tx:
            before = await shelf.look(tx, order=order)
            made = await asking.give(tx, order=order, case=case, staff=who.scene.staff, by=SHOP, asked=wanted)
            await shelf.foretell(tx, who.scene, before, refund=made.refund_id, pieces={line.id: count})
            return made

    made = await who.insist(once)
    return f"{made.number} {made.amount_fen} fen"


async def resolve(scene: "Scene", who: "Person", *, lazy: bool) -> int:
    """Bring every case to its end; the `lazy` leave those to the clocks whose goods are gone. Says how many."""
    for _ in range(8):
        async with who.world.tx(who.merchant) as tx:
            found: list[UUID] = await tx.value(OPEN, tx.merchant)
            left = [one for one in found if not (lazy and await _gone(tx, one))]
        if not left:
            return len(found)
        for one in left:
            async with who.world.tx(who.merchant) as tx:
                case = await moving.locked(tx, case=one)
            try:
                await act(scene, who, one, _last_turn(scene, case))
            except Refused as no:  # sold out, say: then money
                scene.say(f"{case.number} {case.state}: {no.code}")
                await act(scene, who, one, lambda tx, c: returning.refund(tx, case=c.id, by=SHOP))
    raise AssertionError(f"{len(left)} cases without an end")


async def _gone(tx: Tx, case: UUID) -> bool:
    """Say whether nothing of a case could go back on the shelf by itself."""
    found = await moving.locked(tx, case=case)
    before = await shelf.look(tx, order=found.order_id)
    waits = found.state == S.ARBITRATION or before.state == "paid"
    return not waits and not any(one.waiting != 0 for line in found.lines for one in before.owed[line.line_id])


def _last_turn(scene: "Scene", case: Case) -> Verb:
    if case.state == S.ASKED:
        return lambda tx, c: answering.agree(tx, case=c.id, by=SHOP)
    if case.state == S.AGREED:
        return lambda tx, c: returning.send(tx, case=c.id, fan=c.fan_id, company="中通", number=f"ZT{c.number}")
    if case.state == S.RETURNING:
        return lambda tx, c: check_in(tx, scene, c, good=True, refund=True)
    if case.state == S.RECEIVED and case.kind == Kind.EXCHANGE:
        return lambda tx, c: replace(tx, scene, c)
    if case.state == S.REPLACED:
        return lambda tx, c: returning.received(tx, case=c.id, fan=c.fan_id)
    if case.state == S.REFUSED:
        return lambda tx, c: answering.withdraw(tx, case=c.id, fan=c.fan_id)
    if case.state == S.ARBITRATION:
        return lambda tx, c: arbitration.rule(tx, case=c.id, by=PROVIDER, finds_for="merchant", words="凭证不足")
    return lambda tx, c: returning.refund(tx, case=c.id, by=SHOP)


async def audit(books: "Audit") -> dict[UUID, tuple[UUID, int]]:
    """Each case has ended, holds nothing, and was paid once or not at all; gives the refunds that cases promised."""
    cases = await books.rows(CASES)
    paid = {row["id"]: (row["order_id"], row["amount_fen"]) for row in await books.rows(PROMISED)}
    found = dict[UUID, tuple[UUID, int]]()
    for case in cases:
        books.check(case["state"] in ENDED, f"case {case['number']} is still {case['state']}")
        promised = paid.get(case["refund_id"])
        done = case["state"] == "done" and case["replacement_id"] is None
        books.same(f"case {case['number']} {case['state']} paid", promised is not None, done)
        if promised:
            books.same(f"promise of case {case['number']}", promised, (case["order_id"], case["amount_fen"]))
            found[case["refund_id"]] = promised
    (held,) = await books.rows(HELD)
    books.same("pieces held by cases", (held["pieces"] or 0, held["fen"] or 0), (0, 0))
    return found


async def on_the_shelf(books: "Audit") -> Counter[UUID]:
    """Say what cases brought back to the shelf, less what was sent instead."""
    made: Counter[UUID] = Counter()
    for case in await books.rows(CASES):
        if case["checked_at"] is not None:
            made.update(books.scene.returned[case["id"]])
        if case["replacement_id"] is not None:
            made.subtract(books.scene.replaced[case["id"]])
    return made
