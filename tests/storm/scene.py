"""Where a storm blows: a shop with few goods, a coupon, an authorized account, a way to be paid, and forty people."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from make import tills, worlds
from make.sharings import Partners
from make.shops import make_kind, make_product
from make.tills import APPID, Shop
from storm import cases, deals, presales, purses, shares
from storm.nodes import Nodes, standing
from storm.shelter import Shelter
from tongshang.campaigns import coupons
from tongshang.campaigns.coupons import CouponAsked
from tongshang.fulfilment import pickups
from tongshang.messages import welcome
from tongshang.platform.ids import NIL
from tongshang.storefront import shops
from tongshang.storefront.shops import ShopAsked
from tongshang.tenancy.model import Role
from tongshang.trade.freights import flat, local
from tongshang.trade.freights.model import Local
from tongshang.wechat import components
from wxsandbox.client import Phone

COMPONENT = "wxc0c0c0c0c0c0c0c0"
TOKEN, AES_KEY = "platformtoken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
# Of what there is plenty, each may have four in seven days and two at a time.
LIMITS = {"茉莉花茶": {"limit_person": 4, "limit_days": 7, "limit_order": 2}}
SHELF = (
    ("明前龙井", (9_900, 19_800), 40),
    ("孤品老茶饼", (88_800,), 4),
    ("茉莉花茶", (2_900,), 60),
    ("试饮装", (1,), 9),
)
VISIT = {"days": 30, "uses": 2}


@dataclass
class Scene:
    """The shop, what it promised to whom, and what was seen to happen."""

    shop: Shop
    nodes: Nodes
    seed: int
    variants: list[UUID]
    initial: dict[UUID, int]
    coupon: UUID
    staff: UUID
    mchids: list[str]
    parts: dict[UUID, dict[UUID, int]] = field(default_factory=dict)
    """What bundles are made of, by variant."""
    tickets: set[UUID] = field(default_factory=set)
    """What lets somebody in, and never travels."""
    deals: list[UUID] = field(default_factory=list)
    """Promotions that are on."""
    told: list[str] = field(default_factory=list)
    placed: dict[UUID, int] = field(default_factory=dict)
    """Orders that were acknowledged to a customer, with the total that was shown."""
    refunded: dict[UUID, tuple[UUID, int]] = field(default_factory=dict)
    """Refunds that were acknowledged to a clerk: order and amount."""
    put_back: dict[UUID, dict[UUID, int]] = field(default_factory=dict)
    """Goods that went back on the shelf, by refund."""
    restocked: Counter[UUID] = field(default_factory=Counter)
    claimed: set[UUID] = field(default_factory=set)
    paid: list[str] = field(default_factory=list)
    """Transactions that a customer's phone said were paid."""
    offers: list[UUID] = field(default_factory=list)
    """Recharges that can be bought."""
    ahead: UUID = NIL
    """What is sold ahead, with a deposit."""
    returned: dict[UUID, dict[UUID, int]] = field(default_factory=dict)
    """Goods of cases that were looked at and put back, by case."""
    replaced: dict[UUID, dict[UUID, int]] = field(default_factory=dict)
    """Goods that were sent instead, by case."""
    partners: Partners | None = None
    """Who gets parts of what is paid."""
    spent: int = 0
    """What the supplier took out of what he got (fen)."""

    def say(self, line: str) -> None:
        """Write a line of the history."""
        self.told.append(f"{self.shop.world.clock.now():%d %H:%M:%S} {line}")

    async def advance(self, seconds: float) -> None:
        """Let world time pass; what WeChat has due on the way arrives at its time."""
        clock = self.shop.box.clock
        await self.shop.box.scheduler.advance_to(clock.now() + seconds)

    async def openid(self, name: str) -> str:
        """Have somebody with a wallet; gives the openid at the shop's account."""
        return await self.shop.person(name)


@asynccontextmanager
async def opened(shelter: Shelter, var: Path, *, seed: int) -> AsyncIterator[Scene]:
    """Open the scene of one seed."""
    async with tills.open_shop(shelter.dsn, var, seed=seed) as shop:
        await _connect(shop)
        await shop.open_account()
        staff = await worlds.make_staff(shop.world, shop.merchant, login="clerk@tea", role=Role.CLERK)
        coupon = await _offer(shop)
        initial: dict[UUID, int] = {}
        products, flash = dict[str, UUID](), NIL
        for title, prices, stock in SHELF:
            more = LIMITS.get(title, {})
            product, variants = await make_product(
                shop.world, shop.merchant, title=title, prices=prices, stock=stock, **more
            )
            products[title] = product
            initial |= dict.fromkeys(variants, stock)
            flash = variants[0] if title in LIMITS else flash
        tea = next(iter(initial))
        visit = await make_kind(shop.world, shop.merchant, "ticket", terms=VISIT, title="茶园一日", stock=12)
        initial[visit] = 12
        made_of = {tea: 2, visit: 1}
        inside = [{"variant_id": str(variant), "quantity": count} for variant, count in made_of.items()]
        bundle = await make_kind(shop.world, shop.merchant, "bundle", terms={"parts": inside}, title="茶与茶园")
        sold = [*initial, bundle]
        _, (gift,) = await make_product(shop.world, shop.merchant, title="品茗杯", prices=(1_500,), stock=6)
        initial[gift] = 6
        on = await deals.declare(shop, flash=flash, half=products["明前龙井"], gift=gift)
        paid_ahead = await purses.offer(shop)
        ahead = await presales.offer(shop)
        initial[ahead] = presales.STOCK
        await cases.prepare(shop)
        partners = await shares.agree(shop, seed=seed)
        async with standing(shop, shelter, seed=seed) as nodes:
            yield Scene(
                shop, nodes, seed, sold, initial, coupon, staff, [shop.made["mchid"]], parts={bundle: made_of},
                tickets={visit}, deals=on, offers=paid_ahead, ahead=ahead,
                partners=partners,
            )  # fmt: skip


async def _connect(shop: Shop) -> None:
    """Authorize the account through the component, as a merchant does in the console."""
    platform = shop.world.settings.public_url
    made = await shop.sandbox.component(
        COMPONENT, token=TOKEN, aes_key=AES_KEY, dev_domain="localhost", ticket_on=False,
        event_url=f"{platform}/wechat/component/{COMPONENT}/ticket",
        message_url=f"{platform}/wechat/messages/$APPID$",
    )  # fmt: skip
    async with shop.world.tx(NIL) as tx:
        await components.configure(tx, appid=COMPONENT, secret=made["secret"], token=TOKEN, aes_key=AES_KEY)
    await components.request_ticket(shop.world)
    await shop.sandbox.account(APPID, nick_name="云上茶园", oauth_domain="localhost")
    await shop.box.scheduler.settle()
    boss: Phone = await shop.sandbox.person("boss", nickname="老板")
    owner = worlds.Browser(shop.url)
    try:
        await owner.log_in("owner@tea")
        status, links = await owner("PUT", f"/api/console/wechat/authorizations/{shop.id()}")
        assert status == 200, links
        page = await boss.open(await boss.authorize(links["pc_url"], APPID))
        assert page.status == 200, page.text
    finally:
        await boss.close()
        await owner.close()
    await shop.settle()


async def _offer(shop: Shop) -> UUID:
    """Open the shop: its sign, freight, a place to pick up, a coupon that is scarce, a welcome that gives it."""
    coupon = shop.id()
    async with shop.world.tx(shop.merchant) as tx:
        await shops.put(tx, asked=ShopAsked(name="云上茶园"))
        await flat.put(tx, flat_fen=800, free_over_fen=20_000)
        await local.put(tx, local=Local(enabled=True, regions=["330106"], fee_fen=600, minimum_fen=5_000))
        await pickups.set_place(tx, place=pickups.Place(enabled=True, place="云上茶园", address="龙井路 1 号"))
        asked = CouponAsked(name="满五十减十", minus_fen=1_000, min_spend_fen=5_000, total=25, per_person=2)
        await coupons.put(tx, coupon=coupon, asked=asked)
        await welcome.put(tx, enabled=True, text="欢迎", link_title="进店", coupon_id=coupon)
    return coupon


def dice(seed: int, name: str) -> random.Random:
    """Give somebody dice of his own, so that what he does depends on the seed and not on the others."""
    return random.Random(f"{seed}/{name}")


async def gather(*acts: Any) -> None:
    """Let things happen at once; the first that breaks ends the history."""
    await asyncio.gather(*acts)
