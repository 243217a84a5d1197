"""Who works in the storm: clerks who ship, hand out, let in and refund, and one manager."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from storm import cases, deals, gifts, presales, shares, shelf
from storm.people import Actor
from tongshang.catalog import stock
from tongshang.catalog.stock import Why
from tongshang.fulfilment import bringing, pickups, shipments
from tongshang.fulfilment.model import UNDO_WITHIN
from tongshang.fulfilment.tickets import use
from tongshang.payments import refunds as payment_refunds
from tongshang.platform.errors import Refused
from tongshang.trade import orders, refunds
from tongshang.trade.model import Order, OrderLine
from tongshang.trade.parts.sending import Pieces
from tongshang.trade.refunds import Part

ORDERS = """select array(select id from orders
where merchant_id = $1 and state = any($2) and ($3 = '' or delivery = $3) order by number)"""
CLOSED = """select array(select id from refund
where merchant_id = $1 and state = 'closed' and origin in ('asked', 'recharge') order by id)"""
CAME = "select exists (select from stock_move where merchant_id = $1 and subject_id = $2)"
TICKETS = "select array(select code from ticket where merchant_id = $1 and state <> 'refunded' order by id)"


class Clerk(Actor):
    """Ships, hands out, refunds, cancels what is not paid; clicks twice now and then."""

    acts = {"ship": 4, "bring": 3, "hand_out": 4, "let_in": 4, "refund": 4, "cancel": 1, "answer": 9, "give": 1}

    async def some(self, *states: str, sent: str = "") -> Order | None:
        """Pick an order of these states, of those that are sent in a way."""
        async with self.world.tx(self.merchant) as tx:
            found: Sequence[UUID] = await tx.value(ORDERS, tx.merchant, list(states), sent)
            return await orders.get(tx, order=self.rng.choice(found)) if found else None

    async def ship(self) -> str:
        """Send a parcel: all that waits, or a piece of it; a double click is one parcel."""
        order, parcel = await self.some("paid", sent="express"), self.shop.id()
        if order is None:
            return "nothing to ship"
        async with self.world.tx(self.merchant) as tx:
            lines = await orders.lines(tx, order=order.id)
        pieces = [Pieces(self.rng.choice(lines).id, 1)] if self.rng.random() < 0.4 else None
        words = {"company": "顺丰", "number": "SF12345678", "pieces": pieces}

        async def once() -> None:
            async with self.world.tx(self.merchant) as tx:
                await shipments.send(tx, shipment=parcel, order=order.id, **words)

        for _ in range(self.rng.choice((1, 1, 2))):
            await self.insist(once)
        return f"{order.number} {'a piece' if pieces else 'all'}"

    async def bring(self) -> str:
        """Set out with an order that the shop's own people bring, or hand one over at the door."""
        order = await self.some("paid", "shipped", sent="local")
        if order is None:
            return "nothing to bring"
        async with self.world.tx(self.merchant) as tx:
            if order.state == "shipped":
                await bringing.arrive(tx, order=order.id, staff=self.scene.staff)
            else:
                await bringing.set_out(tx, order=order.id, courier="小李", phone="", staff=self.scene.staff)
        return f"{order.number} {order.state}"

    async def answer(self) -> str:
        """Answer somebody's case."""
        return await cases.answer(self)

    async def give(self) -> str:
        """Give money back unasked."""
        order = await self.some("paid", "shipped", "completed")
        return "nobody to please" if order is None else await cases.give(self, order.id)

    async def hand_out(self) -> str:
        """Verify a code, and the same code once more from another phone."""
        order = await self.some("paid", "completed", sent="pickup")
        if order is None:
            return "nobody at the counter"
        async with self.world.tx(self.merchant) as tx:
            pickup = await pickups.of_order(tx, order=order.id)
        if pickup is None:
            return f"{order.number} has no code"

        async def verify() -> str:
            try:
                async with self.world.tx(self.merchant) as tx:
                    await pickups.verify(tx, code=pickup.code, staff=self.scene.staff)
            except Refused as no:
                return no.code
            return "done"

        done = await asyncio.gather(verify(), verify())
        assert done.count("done") <= 1, "one code handed the goods out twice"
        if "done" in done and self.rng.random() < 0.15:
            async with self.world.tx(self.merchant) as tx:
                await pickups.undo(tx, code=pickup.code, staff=self.scene.staff, within=UNDO_WITHIN)
            done = [*done, "and back"]
        return f"{order.number} {' '.join(sorted(done))}"

    async def let_in(self) -> str:
        """Take a ticket, and the same ticket once more at another door; some uses are taken back."""
        async with self.world.tx(self.merchant) as tx:
            codes: Sequence[str] = await tx.value(TICKETS, tx.merchant)
        if not codes:
            return "nobody has a ticket"
        code, first = self.rng.choice(codes), self.shop.id()

        async def at_the_door(use_id: UUID) -> str:
            try:
                async with self.world.tx(self.merchant) as tx:
                    await use.use(tx, code=code, use_id=use_id, count=1, staff=self.scene.staff)
            except Refused as no:
                return no.code
            return "in"

        said = await asyncio.gather(at_the_door(first), at_the_door(self.shop.id()), at_the_door(first))
        if said[0] == "in" and self.rng.random() < 0.2:
            async with self.world.tx(self.merchant) as tx:
                await use.undo(tx, code=code, use_id=first, staff=self.scene.staff, within=UNDO_WITHIN)
            said = [*said, "and out"]
        return f"{code} {' '.join(said)}"

    async def refund(self) -> str:
        """Promise money back for some pieces, or for all of it; a double click is one promise."""
        order = await self.some("paid", "shipped", "completed")
        if order is None:
            return "nothing to refund"
        refund, whole = self.shop.id(), self.rng.random() < 0.3
        async with self.world.tx(self.merchant) as tx:
            lines = await orders.lines(tx, order=order.id)
        parts = [Part(line.id, line.quantity if whole else 1) for line in (lines if whole else lines[:1])]
        if (inside := self._inside(lines)) and not whole:
            parts = [inside]
        freight = order.freight_fen if whole else 0
        clicks = 2 if self.rng.random() < 0.3 else 1
        said = await asyncio.gather(*(self._ask(refund, order.id, parts, freight) for _ in range(clicks)))
        return f"{order.number} {' '.join(said)}"

    def _inside(self, lines: Sequence[OrderLine]) -> Part | None:
        """Choose the ticket of a bundle now and then, to go back by itself."""
        for line in lines:
            for variant in sorted(self.scene.parts.get(line.variant_id, {})):
                if variant in self.scene.tickets and self.rng.random() < 0.6:
                    return Part(line.id, 1, variant_id=variant)
        return None

    async def _ask(self, refund: UUID, order: UUID, parts: list[Part], freight: int) -> str:
        async def once() -> int:
            async with self.world.tx(self.merchant) as tx:
                before = await shelf.look(tx, order=order)
                made = await refunds.ask(
                    tx, refund_id=refund, order=order, parts=parts, freight_fen=freight, reason="少了"
                )
                pieces = {part.line_id: part.quantity for part in parts if part.variant_id is None}
                alone = next(((part.line_id, part.variant_id) for part in parts if part.variant_id), None)
                await shelf.foretell(tx, self.scene, before, refund=refund, pieces=pieces, apart=alone)
                return made.amount_fen

        try:
            fen = await self.insist(once)
        except Refused as no:
            return no.code
        self.scene.refunded[refund] = (order, fen)
        return f"{fen} fen"

    async def cancel(self) -> str:
        """Cancel an unpaid order for a customer who called."""
        order = await self.some("unpaid")
        if order is None:
            return "nothing to cancel"
        async with self.world.tx(self.merchant) as tx:
            await orders.close(tx, order=order.id, reason="merchant")
        return f"{order.number}"


class Manager(Actor):
    """Restocks, repeats refunds that WeChat closed, lets presales go, changes the pay account in mid-day."""

    acts = {"restock": 3, "repeat": 3, "move_account": 1, "meddle": 2, "let_go": 2, "reward": 4, "call_off": 1,
            "decide": 3}  # fmt: skip

    async def restock(self) -> str:
        """Put some more on the shelf; whoever does not know whether it was written down looks first."""
        variant, more = self.rng.choice(list(self.scene.initial)), self.rng.randrange(1, 6)
        delivery = self.shop.id()

        async def once() -> None:
            async with self.world.tx(self.merchant) as tx:
                if not await tx.value(CAME, tx.merchant, delivery):
                    await stock.move(tx, items={variant: more}, why=Why(subject=delivery, note="到货"))

        await self.insist(once)
        self.scene.restocked[variant] += more
        return f"{more}"

    async def reward(self) -> str:
        """Give somebody money."""
        return await gifts.give(self)

    async def call_off(self) -> str:
        """Take back what nobody has taken."""
        return await gifts.call_off(self)

    async def decide(self) -> str:
        """Decide about shares that a partner did not get, or did not give back."""
        return await shares.decide(self)

    async def let_go(self) -> str:
        """Let somebody's presale go."""
        return await presales.let_go(self)

    async def meddle(self) -> str:
        """Pause a promotion, or let it go on."""
        return await deals.meddle(self.shop, self.rng.choice(self.scene.deals))

    async def repeat(self) -> str:
        """Promise every refund that WeChat closed once more."""
        async with self.world.tx(self.merchant) as tx:
            closed = await tx.value(CLOSED, tx.merchant)
        for refund in closed:
            async with self.world.tx(self.merchant) as tx:
                await payment_refunds.again(tx, refund_id=refund)
        return f"{len(closed)}"

    async def move_account(self) -> str:
        """Be paid under another merchant number from now on; the old one keeps its refunds and bills."""
        if len(self.scene.mchids) > 1:
            return "moved already"
        made = await self.shop.number()
        # Written down before it is saved: the database may be lost after the change took effect, unheard of.
        self.scene.mchids.append(made["mchid"])
        await self.insist(lambda: self.shop.save_account(made))
        return str(made["mchid"])
