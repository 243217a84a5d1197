"""Setting the demo's merchants up, as their owners would: accounts, keys, goods, pages, welcome, menu, codes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from tongshang.app.seed import draw, kinds, shelf
from tongshang.app.seed.goods import Goods, Shop
from tongshang.app.seed.simulator import Simulator
from tongshang.campaigns import coupons
from tongshang.campaigns.coupons import CouponAsked
from tongshang.catalog import categories, products
from tongshang.catalog.model import Axis, ProductAsked, VariantAsked
from tongshang.fulfilment import pickups
from tongshang.fulfilment.pickups import Place
from tongshang.media import files
from tongshang.messages import codes, menu_publishing, menus, welcome
from tongshang.messages.menus import Button
from tongshang.payments import accounts as pay_accounts
from tongshang.payments.model import Mode
from tongshang.platform.ids import NIL
from tongshang.platform.work import settle
from tongshang.platform.world import World
from tongshang.storefront import pages, shops
from tongshang.storefront.blocks import Auto, Banner, Block, ByIds, Coupon, PageDoc, Share, Slide, Text, ToCategory
from tongshang.storefront.blocks import Goods as GoodsBlock
from tongshang.storefront.shops import ShopAsked
from tongshang.tenancy import merchants as tenancy
from tongshang.tenancy import staff
from tongshang.tenancy.model import Role
from tongshang.trade.freights import flat
from tongshang.wechat import components
from tongshang.wechat.authorization import promises

SPACE = UUID("7c1f0c52-6f0e-5d0a-9a50-1f2c6b6a3d11")
COMPONENT = "wxc0de000000000001"
PROVIDER_APPID = "wx5e00000000000001"
PROVIDER = ("1900000100", "通商服务商")
"""Its number at WeChat Pay, and the name it has there."""
ACCOUNTS = {"tea": "wx7ea0000000000001", "dining": "wxd1e0000000000002", "beauty": "wxbea0000000000003"}
MCHIDS = {"tea": "1900000101", "dining": "1900000102", "beauty": "1900000103"}
SHAPES = {
    "tea": ("tin", "cup", "leaf"),
    "dining": ("bowl", "plate", "glass"),
    "beauty": ("bottle", "palette", "lipstick"),
}


def known_id(*names: object) -> UUID:
    """Make the same id of the same names, in every installation."""
    return uuid5(SPACE, "/".join(map(str, names)))


@dataclass
class Built:
    """A merchant that is ready to sell."""

    shop: Shop
    merchant: UUID
    appid: str
    coupon: UUID
    assistant: UUID
    variants: list[UUID] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)


async def component(world: World, box: Simulator) -> None:
    """Register the third-party platform on both sides."""
    keys = {"secret": world.secrets.derive("demo component")[:32], "token": world.secrets.derive("demo token")[:32]}
    aes_key = world.secrets.derive("demo aes")[:43]
    async with world.system_tx() as tx:
        await components.configure(tx, appid=COMPONENT, aes_key=aes_key, **keys)
    base = f"{world.settings.public_url}/wechat"
    await box.call(
        "POST",
        "/components",
        {
            "appid": COMPONENT,
            **keys,
            "aes_key": aes_key,
            "nick_name": "通商演示平台",
            "event_url": f"{base}/component/{COMPONENT}/ticket",
            "message_url": f"{base}/messages/$APPID$",
            "dev_domain": "localhost",
        },
    )


async def merchants(world: World, box: Simulator, shops: Sequence[Shop], passwords: dict[str, str]) -> list[Built]:
    """Take merchants on and carry out everything on their set-up lists, side by side: most of it is drawing."""
    await asyncio.gather(*(_taken_on(world, shop, passwords) for shop in shops))
    await settle(world)  # the shops' signs and first pages
    everyone = [
        Built(shop, known_id("merchant", shop.slug), ACCOUNTS[shop.slug], known_id("coupon", shop.slug),
              known_id("staff", f"{shop.slug}-shop"))
        for shop in shops
    ]  # fmt: skip
    for built in everyone:
        await _authorize(world, box, built)
    await box.call("POST", "/settle")
    await settle(world)
    await asyncio.gather(*(_opened(world, box, built) for built in everyone))
    return everyone


async def _taken_on(world: World, shop: Shop, passwords: dict[str, str]) -> None:
    identity = known_id("merchant", shop.slug)
    async with world.tx(identity) as tx:
        await tenancy.create(tx, name=shop.name, slug=shop.slug)
    roles = {f"{shop.slug}": Role.OWNER, f"{shop.slug}-clerk": Role.CLERK, f"{shop.slug}-shop": Role.ASSISTANT}
    names = {Role.OWNER: "店主", Role.CLERK: "运营", Role.ASSISTANT: "店员"}
    await asyncio.gather(
        *(
            person(world, identity, login=login, name=names[role], role=role, password=passwords[login])
            for login, role in roles.items()
        )
    )


async def _opened(world: World, box: Simulator, built: Built) -> None:
    await _pay_account(world, box, built)
    await _shop(world, built)
    await _messages(world, built)


async def person(world: World, merchant: UUID, *, login: str, name: str, role: Role, password: str) -> None:
    """Invite somebody and let him accept."""
    async with world.tx(merchant) as tx:
        token = await staff.invite(tx, staff_id=known_id("staff", login), login=login, name=name, role=role)
    _, invite, secret = token.split(".")
    async with world.tx(merchant) as tx:
        await staff.accept(tx, invite_id=UUID(invite), secret=secret, password=password, name=name)


async def _authorize(world: World, box: Simulator, built: Built) -> None:
    await box.call("POST", "/accounts", {"appid": built.appid, "nick_name": built.shop.name, "principal_name": f"{built.shop.name}有限公司",
                                         "signature": built.shop.slogan, "kind": "official", "service_type": 2})  # fmt: skip
    links = await promises.promise(world, built.merchant, known_id("authorization", built.shop.slug), promises.Asked())
    await box.call("POST", "/people", {"name": f"boss-{built.shop.slug}", "nickname": f"{built.shop.name}店主"})
    told = await box.act(f"boss-{built.shop.slug}", "authorize", url=links.pc_url, appid=built.appid)
    await world.transport.request("GET", told["url"])


async def _pay_account(world: World, box: Simulator, built: Built) -> None:
    made = await box.call("POST", "/merchants", {"mchid": MCHIDS[built.shop.slug], "name": built.shop.name,
                                                 "appids": [built.appid], "mode": "public_key", "refund_seconds": 5})  # fmt: skip
    await _enter(world, built.merchant, made, built.appid)


async def _enter(world: World, merchant: UUID, made: dict[str, str], appid: str) -> None:
    """Enter a merchant number and its keys, as an owner does in the console."""
    async with world.tx(merchant) as tx:
        await pay_accounts.save(
            tx,
            mode=Mode.DIRECT,
            mchid=made["mchid"],
            appid=appid,
            serial=made["serial"],
            public_key_id=made["public_key_id"],
        )
        await pay_accounts.save_keys(
            tx,
            private_key_pem=made["private_pem"],
            apiv3_key=made["apiv3_key"],
            public_key_pem=made["platform_public_pem"],
            public_key_id=made["public_key_id"],
        )


async def _picture(world: World, merchant: UUID, data: bytes, name: str) -> UUID:
    return (await files.keep(world, merchant, data=data, name=name)).id


async def _shop(world: World, built: Built) -> None:
    shop, merchant = built.shop, built.merchant
    logo_png, banner_png = await asyncio.gather(
        asyncio.to_thread(draw.logo, shop.theme, SHAPES[shop.slug][-1]),
        asyncio.to_thread(draw.banner, shop.theme, SHAPES[shop.slug]),
    )
    logo = await _picture(world, merchant, logo_png, "logo.png")
    banner = await _picture(world, merchant, banner_png, "banner.png")
    async with world.tx(merchant) as tx:
        sign = ShopAsked(name=shop.name, logo_id=logo, notice=shop.notice, phone=shop.pickup[3], theme=shop.theme)
        await shops.put(tx, asked=sign)
        await flat.put(tx, flat_fen=shop.flat_fen, free_over_fen=shop.free_over_fen)
        await shelf.say(tx, slug=shop.slug)
        await pickups.set_place(tx, place=Place(True, *shop.pickup))
        name, minus, least = shop.coupon
        offer = CouponAsked(name=name, minus_fen=minus, min_spend_fen=least, total=5000, valid_days=90)
        await coupons.put(tx, coupon=built.coupon, asked=offer)
        for position, category in enumerate(dict.fromkeys(goods.category for goods in shop.goods)):
            await categories.put(
                tx, category=known_id("category", shop.slug, category), name=category, position=position
            )
    await asyncio.gather(*(_product(world, built, number, goods) for number, goods in enumerate(shop.goods)))
    await kinds.stock_up(world, built.merchant, shop.slug, known=known_id, keep=_picture)
    await _home(world, built, banner)


async def _product(world: World, built: Built, number: int, goods: Goods) -> None:
    slug = built.shop.slug
    drawn = await asyncio.to_thread(draw.product, goods.shape, goods.colour, turn=(0, -6, 5)[number % 3])
    picture = await _picture(world, built.merchant, drawn, f"{goods.title}.png")
    rows = [
        VariantAsked(
            id=known_id("variant", slug, number, place),
            options=[value],
            price_fen=fen,
            market_price_fen=fen + fen // 5 // 100 * 100 if number % 3 == 0 else None,
            stock=stock,
            sku_code=f"{slug[:2].upper()}{number + 1:02d}{place + 1:02d}",
        )
        for place, (value, fen, stock) in enumerate(goods.variants)
    ]
    detail = f"{goods.subtitle}。\n\n· 产品规格：{' / '.join(row.options[0] for row in rows)}\n· 支持七天无理由退货（食品、已拆封护肤品除外）"
    asked = ProductAsked(
        title=goods.title,
        subtitle=goods.subtitle,
        category_id=known_id("category", slug, goods.category),
        pictures=[picture],
        detail=detail,
        options=[Axis(goods.axis, [row.options[0] for row in rows])],
        variants=rows,
        state="on",
    )
    async with world.tx(built.merchant) as tx:
        await products.put(tx, product=known_id("product", slug, number), asked=asked)
    built.variants += [row.id for row in rows]


async def _home(world: World, built: Built, banner: UUID) -> None:
    shop = built.shop
    first = known_id("category", shop.slug, shop.goods[0].category)
    best = [known_id("product", shop.slug, number) for number in range(4)]
    blocks: list[Block] = [
        Banner("banner", [Slide(banner, ToCategory(first), shop.slogan)]),
        Coupon("welcome-coupon", built.coupon),
        GoodsBlock("best", ByIds(best), "grid", "掌柜推荐"),
        Text("slogan", shop.slogan, "center"),
        GoodsBlock("newest", Auto("new", 8), "list", "全部好物"),
    ]
    async with world.tx(built.merchant) as tx:
        seen = (await pages.current(tx)).rev
        doc = PageDoc(blocks, shop.name, Share(shop.name, shop.slogan, banner))
        await pages.publish(tx, doc=doc, seen=seen, author="店主")


async def _messages(world: World, built: Built) -> None:
    shop = built.shop
    async with world.tx(built.merchant) as tx:
        await welcome.put(
            tx,
            enabled=True,
            text=f"欢迎来到{shop.name}，{shop.slogan}。",
            link_title="进店逛逛",
            coupon_id=built.coupon,
        )
        await menus.put(
            tx,
            buttons=[
                Button(name="逛店铺", type="view", url=f"{world.settings.public_url}/s/{shop.slug}/"),
                Button(name="联系我们", type="click", key="CONTACT", reply=f"{shop.pickup[0]}\n{shop.pickup[1]}\n营业时间：{shop.pickup[2]}\n电话：{shop.pickup[3]}"),
            ],
        )  # fmt: skip
        for scene, name in (("counter", "收银台立牌"), ("flyer", "小区传单")):
            await codes.put(
                tx, code_id=known_id("code", shop.slug, scene), name=name, scene=scene, permanent=True, coupon_id=None
            )
    await menu_publishing.publish(world, built.merchant)
    for scene in ("counter", "flyer"):
        code = await codes.make(world, built.merchant, code_id=known_id("code", shop.slug, scene))
        built.tickets.append(code.ticket or "")


async def provider(world: World, password: str) -> str:
    """Make the provider's own log-in; give the secret of its second factor."""
    await person(world, NIL, login="admin", name="服务商管理员", role=Role.PROVIDER, password=password)
    secret = staff.new_totp_secret()
    async with world.tx(NIL) as tx:
        await staff.keep_totp(tx, staff_id=known_id("staff", "admin"), secret=secret)
    return secret


async def provider_number(world: World, box: Simulator) -> None:
    """Give the provider a number of its own, under which merchants' numbers are applied for."""
    mchid, name = PROVIDER
    asked = {"mchid": mchid, "name": name, "appids": [PROVIDER_APPID], "mode": "public_key"}
    await _enter(world, NIL, await box.call("POST", "/merchants", asked), PROVIDER_APPID)
