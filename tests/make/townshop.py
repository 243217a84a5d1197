"""A shop in a town, set up in the console the way its owner would: account, till, goods, freight, counter, words."""

from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import uuid4

from make.places import Place
from make.shops import png
from make.townsfolk import Customer

TEA_FEN, BIG_FEN, CUP_FEN, FREIGHT_FEN = 9_900, 18_800, 6_900, 800
COUNTER = {"place": "体验店", "address": "龙井路 88 号", "hours": "9:00-21:00", "phone": "057187000000"}


P = TypeVar("P", bound=Place)


@dataclass
class Shop(Generic[P]):
    """What is on the shelf, and how people are told of it."""

    town: P
    tea: str
    big: str
    cup: str
    coupon: str
    code_url: str
    products: dict[str, str]

    async def stock(self, variant: str) -> int:
        """Say how many of a variant can be bought."""
        product = await self.town.owner("GET", f"/products/{self.products[variant]}")
        return next(int(one["stock"]) for one in product["variants"] if one["id"] == variant)

    async def stranger(self, name: str) -> Customer:
        """Meet somebody who goes straight into the store, without following."""
        customer = await self.town.person(name)
        await customer.enter()
        return customer

    async def follower(self, name: str) -> Customer:
        """Meet somebody who scans the counter's code, follows, and goes in."""
        customer = await self.town.person(name)
        await customer.phone.scan(text=self.code_url)
        await self.town.settle()
        await customer.enter()
        return customer

    async def sold(self, customer: Customer, **more: object) -> dict[str, object]:
        """Sell a tea, paid at the cashier, with everybody told; give the order as the customer sees it."""
        order = await customer.buy(self.tea, **more)  # type: ignore[arg-type]
        await customer.pay(order)
        await self.town.settle()
        return await customer.see(order)


async def open_shop(town: P, *, stock: int = 5) -> Shop[P]:
    """Authorize the account, connect the till, and set up everything that a first customer needs."""
    await town.authorize()
    await town.connect_pay()
    owner, picture = town.owner, await town.owner.upload(png())
    tea, big, cup = (str(uuid4()) for _ in range(3))
    leaf, ware = str(uuid4()), str(uuid4())
    weights = [
        {"id": tea, "options": ["50g"], "price_fen": TEA_FEN, "stock": stock},
        {"id": big, "options": ["100g"], "price_fen": BIG_FEN, "stock": 3},
    ]
    product = {"title": "明前龙井", "pictures": [picture], "state": "on"}
    await owner(
        "PUT",
        f"/products/{leaf}",
        {**product, "options": [{"name": "规格", "values": ["50g", "100g"]}], "variants": weights},
    )
    plain = [{"id": cup, "price_fen": CUP_FEN, "stock": 5}]
    await owner("PUT", f"/products/{ware}", {**product, "title": "白瓷盖碗", "variants": plain})
    await owner("PUT", "/shop/freight", {"flat_fen": FREIGHT_FEN, "free_over_fen": 100_000})
    await owner("PUT", "/shop/pickup", {"enabled": True, **COUNTER})
    coupon = str(uuid4())
    offer = {"name": "新客立减", "minus_fen": 1_000, "min_spend_fen": 5_000, "total": 100}
    await owner("PUT", f"/coupons/{coupon}", offer)
    words = {"enabled": True, "text": "欢迎来到云上茶园", "link_title": "进店逛逛", "coupon_id": coupon}
    await owner("PUT", "/welcome", words)
    code = {"name": "收银台", "scene": "counter", "permanent": True}
    made = await owner("PUT", f"/scene-codes/{uuid4()}", code)
    await town.settle()
    return Shop(town, tea, big, cup, coupon, made["url"], {tea: leaf, big: leaf, cup: ware})
