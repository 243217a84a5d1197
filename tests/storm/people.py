"""Who is out in the storm: customers who buy and change their minds."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

from make.tills import APPID
from storm import cases, gifts, presales, purses
from storm.scene import Scene, dice
from tongshang.campaigns import coupons
from tongshang.fans import consents, people
from tongshang.fans.model import Source
from tongshang.payments import paying
from tongshang.platform.db import AWAY
from tongshang.platform.errors import Refused
from tongshang.platform.world import World
from tongshang.trade import addresses, carts, orders, place, quotes
from tongshang.trade.addresses import Address
from tongshang.trade.model import Delivery
from tongshang.trade.quotes import Wanted
from weixin.errors import PayError, WeixinError

T = TypeVar("T")
# What a person is told in words, or that something is broken just now; anything else is a bug and ends the history.
TOLD = (Refused, WeixinError, PayError, *AWAY)


IDLE = ("no ", "nothing ", "nobody ")
NEAR = ("浙江省", "杭州市", "西湖区")


class Actor:
    """Somebody with dice of his own, and a table of what he may do next, each with its weight."""

    acts: dict[str, int] = {}

    def __init__(self, scene: Scene, name: str) -> None:
        self.scene, self.name = scene, name
        self.shop, self.rng = scene.shop, dice(scene.seed, name)
        self.merchant = self.shop.merchant
        self.node = self.rng.randrange(len(scene.nodes.all))

    @property
    def world(self) -> World:
        """The process that answers just now."""
        return self.scene.nodes.all[self.node].world

    async def insist(self, act: Callable[[], Awaitable[T]]) -> T:
        """Do something again, at another process, until it is answered; under the same id it takes effect once."""
        while True:
            try:
                return await act()
            except AWAY:
                self.node = (self.node + 1) % len(self.scene.nodes.all)
                await asyncio.sleep(0.01)

    async def act(self) -> None:
        """Do something, and tell how it went."""
        self.node = self.rng.randrange(len(self.scene.nodes.all))
        for _ in range(3):
            (what,) = self.rng.choices(list(self.acts), weights=list(self.acts.values()))
            try:
                outcome = await getattr(self, what)()
            except TOLD as no:
                outcome = f"no: {type(no).__name__} {no}"[:120]
            if not outcome.startswith(IDLE):
                break  # else there was nothing to do: something else, then
        self.scene.say(f"{self.name} {what}: {outcome}")

    async def call(self, what: str, **fields: Any) -> dict[str, Any]:
        """Do something on one's phone."""
        return dict(await self.shop.sandbox.call("POST", f"/people/{self.name}/{what}", fields))


class Customer(Actor):
    """Browses, orders, pays (also twice, also too late), cancels, follows and leaves."""

    acts = {
        "order": 3, "pay": 14, "pay_twice": 3, "pay_late": 3, "cancel": 1, "look": 2, "come_or_go": 2, "claim": 2,
        "pay_ahead": 5, "take_back": 1, "pay_balance": 3, "complain": 3, "go_on": 4, "take": 3,
    }  # fmt: skip

    def __init__(self, scene: Scene, name: str) -> None:
        super().__init__(scene, name)
        self.openid = ""
        self.fan = UUID(int=0)
        self.orders: list[UUID] = []
        self.bills: list[dict[str, str]] = []
        self.recharges: list[UUID] = []
        self.cases: list[UUID] = []
        self.follows = False
        self.tired = True

    async def arrive(self) -> None:
        """Open the store for the first time; some agree to the privacy text and leave an address."""
        self.openid = await self.scene.openid(self.name)
        async with self.world.tx(self.merchant) as tx:
            self.fan = (await people.known(tx, appid=APPID, openid=self.openid, source=Source.STORE)).id
            text = await consents.privacy(tx)
            await consents.record(tx, fan_id=self.fan, version=text.version, accepted=True)
            self.address = tx.new_id()
            row = Address(self.address, self.fan, self.name, "13800000000", list(NEAR), "龙井路", True, tx.now)
            await addresses.put(tx, address=row)

    async def order(self) -> str:
        """Ask for a price, then order it; sometimes the same order twice at once, at two processes."""
        delivery = self.rng.choices((Delivery.EXPRESS, Delivery.PICKUP, Delivery.LOCAL), weights=(4, 4, 2))[0]
        ahead = self.rng.random() < 0.12
        variant = self.scene.ahead if ahead else self.rng.choice(self.scene.variants)
        quantity = self.rng.choice((1, 1, 2, 3))
        wanted = Wanted(variant_id=variant, quantity=quantity, delivery=delivery, best_coupon=True)
        async with self.world.tx(self.merchant) as tx:
            if not ahead and self.rng.random() < 0.4:  # a cart of several things
                for wish in self.rng.sample(self.scene.variants, 2):
                    await carts.put(tx, fan=self.fan, variant=wish, quantity=1, selected=True)
                wanted = Wanted(delivery=delivery, best_coupon=True)
            quote = await quotes.make(tx, fan=self.fan, wanted=wanted)
        final = Wanted(
            variant_id=wanted.variant_id, quantity=wanted.quantity, delivery=delivery, coupon_id=quote.coupon_id
        )
        asked = place.Asked(
            order_id=self.shop.id(), fan_id=self.fan, wanted=final, quote_token=quote.quote_token,
            address_id=None if delivery == Delivery.PICKUP else self.address,
            balance_fen=await purses.wish(self, quote.price.total_fen) if self.recharges and not ahead else 0,
        )  # fmt: skip

        async def once(nth: int) -> Any:
            self.node = (self.node + nth) % len(self.scene.nodes.all)
            return await self.insist(lambda: place.place(self.world, self.merchant, asked))

        times = 2 if self.rng.random() < 0.15 else 1
        # Two clicks at two processes: one may be refused because of what the other one takes, but then that has it.
        said = await asyncio.gather(*(once(nth) for nth in range(times)), return_exceptions=True)
        wrong = [one for one in said if isinstance(one, BaseException)]
        if len(wrong) == times or any(not isinstance(one, Refused) for one in wrong):
            raise wrong[0]
        (order,) = {one.id: one for one in said if not isinstance(one, BaseException)}.values()
        self.scene.placed[order.id] = order.total_fen
        self.orders.append(order.id)
        self.tired = False
        return f"{order.number} {order.total_fen} fen {delivery}{' coupon' if order.coupon_id else ''}"

    async def _bill(self, order: UUID) -> dict[str, str]:
        async with self.world.tx(self.merchant) as tx:
            charge = await orders.ask_payment(tx, order=order, fan=self.fan, openid=self.openid, title="好茶")
        bill = await paying.prepare(self.world, self.merchant, charge=charge)
        self.bills.append(bill)
        return bill

    async def cashier(self, bill: dict[str, str]) -> str:
        """Type the password, or the wrong one, or have too little money."""
        outcome = self.rng.choices(("ok", "lost", "wrong_password", "insufficient"), weights=(12, 2, 1, 1))[0]
        said = await self.call("pay", **bill, password="123456", outcome=outcome)
        if said["result"] in ("ok", "lost"):
            self.scene.paid.append(said["transaction_id"])
        return f"{said['result']} {said.get('out_trade_no', said.get('message', ''))}"

    async def pay(self) -> str:
        """Pay the newest order; some only open the cashier."""
        if not self.orders or self.tired:
            self.tired = False
            return await self.order()
        self.tired = self.rng.random() < 0.6
        bill = await self._bill(self.orders[-1])
        return "left the cashier" if self.rng.random() < 0.1 else await self.cashier(bill)

    async def pay_twice(self) -> str:
        """Open the cashier twice, and pay both."""
        if not self.orders:
            return "nothing to pay"
        order = self.rng.choice(self.orders)
        bills = await asyncio.gather(self._bill(order), self._bill(order))
        return "; ".join(await asyncio.gather(*(self.cashier(bill) for bill in bills)))

    async def pay_late(self) -> str:
        """Pay with a cashier that has been open for who knows how long."""
        return await self.cashier(self.rng.choice(self.bills)) if self.bills else "no open cashier"

    async def pay_ahead(self) -> str:
        """Pay ahead."""
        return await purses.pay_ahead(self)

    async def take_back(self) -> str:
        """Take back what is left of what was paid ahead."""
        return await purses.take_back(self)

    async def pay_balance(self) -> str:
        """Pay the balance of a presale."""
        return await presales.pay_balance(self)

    async def take(self) -> str:
        """Take what the shop gives."""
        return await gifts.take(self)

    async def complain(self) -> str:
        """Ask for one's money, or for something else."""
        return await cases.complain(self)

    async def go_on(self) -> str:
        """Go on with a case of one's own."""
        return await cases.go_on(self)

    async def cancel(self) -> str:
        """Change one's mind."""
        if not self.orders:
            return "nothing to cancel"
        order = self.rng.choice(self.orders)
        async with self.world.tx(self.merchant) as tx:
            await orders.close(tx, order=order, reason="customer")
            return f"{(await orders.get(tx, order=order)).number}"

    async def look(self) -> str:
        """Look at an order as the page does after the cashier: is it paid?"""
        if not self.orders:
            return "nothing ordered"
        order = self.orders[-1]
        if not await paying.confirm(self.world, self.merchant, subject=order):
            return "not paid"
        async with self.world.tx(self.merchant) as tx:
            await orders.mark_paid(tx, order=order)
        return "paid"

    async def come_or_go(self) -> str:
        """Follow the account, or stop following."""
        self.follows = not self.follows
        what = "follow" if self.follows else "unfollow"
        await self.call(what, appid=APPID)
        return what

    async def claim(self) -> str:
        """Take a coupon."""
        async with self.world.tx(self.merchant) as tx:
            piece = await coupons.claim(tx, coupon=self.scene.coupon, fan=self.fan)
        self.scene.claimed.add(piece.id)
        return f"{piece.id}"
