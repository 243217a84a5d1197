"""Two merchants side by side: the first with one of everything, the second with nothing but its people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import pyotp

from make import shops
from make.deals import deal
from make.senders import send_things
from make.sketches import opinions, sketch
from make.talks import talk
from make.tenant_cases import REGISTERS
from make.tenant_cases_moving import write_out
from make.tenant_cases_pay import lied_to, pay_by_hand, share_things
from make.tenant_cases_prices import FULL
from make.tenant_cases_shelf import look_for_things
from make.tenant_cases_stock import count_things
from make.tenant_cases_team import sit_elsewhere
from make.tenant_cases_trade import trade_things
from make.towns import ACCOUNT, AES_KEY, COMPONENT, TOKEN, Town, founded
from make.worlds import Browser, make_merchant, make_staff
from tongshang.fans import people, sessions
from tongshang.fans.model import Source
from tongshang.payments import ledger
from tongshang.platform.ids import NIL
from tongshang.platform.work import Worker
from tongshang.tenancy import staff
from tongshang.tenancy.model import Role
from tongshang.wechat import calls, components
from weixin.errors import WeixinError

DAY = "2026-11-20"
PARKED = """insert into job (merchant_id, id, kind, data, due_at, created_at, attempts, last_error, parked_at)
values ($1, $2, 'nobody.knows', '{}', $3, $3, 12, 'LookupError', $3)"""

RARE = [{"min_fen": 9_000_000, "minus_fen": 1}]  # what is paid must not hang on this one


@dataclass
class Tenants:
    """Both merchants, who asks for each, and what the first one has, by name."""

    town: Town
    other: UUID
    owner: Browser
    stranger: Browser
    provider: Browser
    nobody: Browser
    shopper: dict[str, str]
    strange_shopper: dict[str, str]
    has: dict[str, Any] = field(default_factory=dict)

    def fresh(self, name: str) -> str:
        """Name a new id, as a caller does who creates something."""
        self.has[name] = str(UUID(int=self.town.world.rng.getrandbits(128)))
        return str(self.has[name])

    async def do(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Have the first merchant's owner do something in the console."""
        status, answer = await self.owner(method, f"/api/console{path}", body, **more)
        assert status < 300, (method, path, answer)
        return answer

    async def shop(self, method: str, path: str, body: Any = None) -> Any:
        """Have the first merchant's customer do something in the store."""
        status, answer = await self.owner(method, f"/api/store/tea{path}", body, headers=self.shopper)
        assert status < 300, (method, path, answer)
        return answer


@asynccontextmanager
async def two_merchants(database_url: str, var: Path) -> AsyncIterator[Tenants]:
    """Open the scene: a day of business is over, its bill has come and lied, a new day has begun."""
    async with founded(database_url, var) as town:
        await town.authorize()
        other = await make_merchant(town.world, slug="dining", name="别家饭店")
        people_of = [Browser(town.url) for _ in range(3)]
        stage = Tenants(
            town, other, town.owner, *people_of,
            await _customer(town, town.merchant, ACCOUNT, await _openid(town)),
            await _customer(town, other, "wx00000000000000b2", "o-of-a-stranger-0000000000000"),
        )  # fmt: skip
        try:
            await people_of[0].log_in("owner@dining")
            await _provider(stage)
            await _settings(stage)
            await _goods(stage)
            await _yesterday(stage)
            await send_things(stage)
            await _morning(stage)
            await _today(stage)
            await _journal(stage)
            await talk(stage)
            # Under way, and so it stays: nobody works from here on.
            asked = {"kind": "untag", "tag_id": stage.has["tag"], "fan_ids": [stage.has["fan"]]}
            await stage.do("PUT", f"/fan-tasks/{stage.fresh('task_under_way')}", asked)
            yield stage
        finally:
            for browser in people_of:
                await browser.close()


async def _openid(town: Town) -> str:
    return str((await town.sandbox.call("POST", "/people/alice/payer", {"appid": ACCOUNT}))["openid"])


async def _customer(town: Town, merchant: UUID, appid: str, openid: str) -> dict[str, str]:
    async with town.world.tx(merchant) as tx:
        fan = await people.known(tx, appid=appid, openid=openid, source=Source.STORE)
        return {"authorization": f"Bearer {await sessions.give(tx, fan_id=fan.id)}", "x-fan": str(fan.id)}


async def _provider(stage: Tenants) -> None:
    world, secret = stage.town.world, pyotp.random_base32()
    member = await make_staff(world, NIL, login="root", role=Role.PROVIDER)
    code = pyotp.TOTP(secret).at(world.clock.now())
    async with world.tx(NIL) as tx:
        await staff.set_totp(tx, staff_id=member, secret=secret, code=code)
    await stage.provider.log_in("root", totp=code)


async def _settings(stage: Tenants) -> None:
    """Everything a merchant sets once: keys, sign, freight, place, staff, coupon, welcome, menu, a scene code."""
    town, do = stage.town, stage.do
    made = await town.sandbox.merchant(appids=[ACCOUNT], mode="public_key")
    stage.has |= {"fan": stage.shopper["x-fan"], "mchid": made["mchid"], "serial": made["serial"]}
    stage.has |= {"key_id": made["public_key_id"], "component": TOKEN, "aes_key": AES_KEY, "slug": "tea"}
    account = {"mode": "direct", "mchid": made["mchid"], "appid": ACCOUNT, "serial": made["serial"]}
    await do("PUT", "/pay-account", account | {"public_key_id": made["public_key_id"]})
    keys = {"private_key_pem": made["private_pem"], "apiv3_key": made["apiv3_key"]}
    await do("PUT", "/pay-account/keys", keys | {"public_key_pem": made["platform_public_pem"]})
    await do("PUT", "/shop", {"name": "云上茶园", "privacy_text": "只为发货使用"})
    await do("PUT", "/shop/freight", {"flat_fen": 800})
    await do("PUT", f"/freight-templates/{stage.fresh('freight_template')}", {"name": "茶", "rest": {"first_fen": 800}})
    await do("PUT", "/shop/pickup", {"enabled": True, "place": "云上茶园", "address": "龙井路一号"})
    coupon = {"name": "茶友券", "minus_fen": 100, "min_spend_fen": 200, "total": 100, "per_person": 9}
    await do("PUT", f"/coupons/{stage.fresh('coupon')}", coupon)
    for name, said in (("promotion", FULL), ("promotion_spare", FULL | {"steps": RARE})):
        await do("PUT", f"/promotions/{stage.fresh(name)}", said)
        await do("PUT", f"/promotions/{stage.has[name]}/state", {"state": "on"})
    await do("PUT", "/price-policy", {"members": "followers"})
    await do("PUT", "/welcome", {"enabled": True, "text": "欢迎来喝茶", "coupon_id": stage.has["coupon"]})
    hello = [{"name": "进店", "type": "click", "key": "hello", "reply": "您好"}]
    special = {"id": stage.fresh("menu"), "name": "安卓", "platform": 2, "buttons": hello}
    await do("PUT", "/menu", {"buttons": hello, "special": [special]})
    await do("POST", "/menu/publication")
    stage.has["edition"] = (await do("GET", "/menu/editions"))[0]["id"]
    await do("PUT", "/replies/synonyms", {"groups": [["优惠券", "红包"]]})
    rule = {"name": "营业", "trigger": "keyword", "words": [{"how": "contains", "text": "几点"}]}
    await do("PUT", f"/replies/{stage.fresh('reply')}", rule | {"messages": [{"kind": "text", "text": "九点"}]})
    code = {"name": "门口", "scene": "door", "coupon_id": stage.has["coupon"]}
    await do("PUT", f"/scene-codes/{stage.fresh('code')}", code)
    for name in ("member", "leaver"):
        invited = {"login": f"{name}@tea", "name": "茶艺师", "role": "clerk"}
        link = (await do("PUT", f"/staff/{stage.fresh(name)}", invited))["invite_url"]
        stage.has[f"invite_of_{name}"] = link.rsplit("/", 1)[1]
    _, invite, secret = stage.has["invite_of_member"].split(".")
    stage.has["strange_invite"] = f"{stage.other.hex}.{invite}.{secret}"
    await do("PUT", f"/wechat/authorizations/{stage.fresh('promise')}")
    stage.has |= {"option": "voice_recognize", "component_appid": "wxc0c0c0c0c0c0c0c1", "first_component": COMPONENT}
    await town.sandbox.call("POST", f"/components/{COMPONENT}/release-test", {})
    await town.sandbox.call("POST", f"/components/{COMPONENT}/registrations", {})
    await town.sandbox.call("POST", f"/accounts/{ACCOUNT}/verification", {"event": "annual_renew"})
    await do("PUT", f"/mini-registrations/{stage.fresh('registration')}", REGISTERS)
    await town.alice.follow(ACCOUNT)
    await town.settle()


async def _journal(stage: Tenants) -> None:
    """Name a push in the merchant's journal, and one in the platform's own."""
    stage.has["journal_line"] = (await stage.do("GET", "/wechat/journal?direction=in"))["items"][0]["id"]
    status, page = await stage.provider("GET", "/api/console/provider/journal?limit=100")
    assert status == 200, page
    own = [line for line in page["items"] if line["direction"] == "in"]
    stage.has["provider_line"] = own[0]["id"]
    try:
        await calls.get(stage.town.world, stage.town.merchant, "/cgi-bin/user/info", {"openid": "oNobody"})
    except WeixinError as error:
        stage.has["rid"] = error.rid


async def _goods(stage: Tenants) -> None:
    """Things to sell, one of them to be dropped again."""
    await stage.do("PUT", f"/categories/{stage.fresh('category')}", {"name": "绿茶"})
    await stage.do("PUT", f"/categories/{stage.fresh('category_spare')}", {"name": "红茶"})
    world, merchant = stage.town.world, stage.town.merchant
    for name in ("product", "product_spare"):
        product, (variant,) = await shops.make_product(world, merchant, title="云上特级明前", stock=50, limit_person=50)
        stage.has |= {name: str(product), name.replace("product", "variant"): str(variant)}
    await sketch(stage)
    await look_for_things(stage)
    await count_things(stage)
    shown = await stage.do("GET", f"/products/{stage.has['product']}")
    stage.has["picture"] = shown["pictures"][0]["id"]
    picture = {"kind": "image", "picture_id": stage.has["picture"]}
    rule = {"name": "看图", "trigger": "keyword", "words": [{"how": "exact", "text": "图"}], "messages": [picture]}
    await stage.do("PUT", f"/replies/{stage.fresh('picture_reply')}", rule)
    await stage.town.alice.say(ACCOUNT, "图")
    await stage.town.settle()
    doc = {"blocks": [{"id": "goods", "type": "goods", "source": {"by": "ids", "ids": [stage.has["product"]]}}]}
    stage.has["rev"] = (await stage.do("GET", "/pages/home"))["rev"]
    stage.has["rev"] = (await stage.do("PUT", "/pages/home", {"doc": doc, "rev": stage.has["rev"]}))["rev"]


async def order(stage: Tenants, name: str, *, delivery: str = "pickup", paid: bool = False) -> None:
    """Order one piece as a customer does, and pay for it where asked."""
    wanted: dict[str, Any] = {"from": {"variant_id": stage.has["variant"]}, "delivery": delivery}
    if delivery in ("express", "local"):
        wanted["address_id"] = stage.has["address"]
    quote = await stage.shop("POST", "/quote", wanted)
    asked = wanted | {"quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}
    await stage.shop("PUT", f"/orders/{stage.fresh(name)}", asked)
    if paid:
        bill = await stage.shop("POST", f"/orders/{stage.has[name]}/payment")
        assert (await stage.town.alice.pay(bill))["result"] == "ok"
        await stage.town.settle()
    shown = await stage.do("GET", f"/orders/{stage.has[name]}")
    stage.has[f"line_of_{name}"] = shown["lines"][0]["id"]
    if code := shown.get("pickup_code"):
        stage.has[f"code_of_{name}"] = code


async def _yesterday(stage: Tenants) -> None:
    """A day's business: paid orders, a refund that WeChat closes, a forged notice."""
    town = stage.town
    await stage.shop("PUT", "/consent", {"version": (await stage.shop("GET", "/consent"))["version"], "accepted": True})
    home = {"name": "小爱", "phone": "13800000001", "region": ["浙江", "杭州"], "detail": "龙井路二号"}
    await stage.shop("PUT", f"/addresses/{stage.fresh('address')}", home)
    await stage.shop("PUT", f"/addresses/{stage.fresh('address_spare')}", home)
    await order(stage, "collected", paid=True)
    for name in ("shown", "reviewed", "to_review"):
        await order(stage, name, paid=True)
    await opinions(stage)
    for name in ("to_ship", "shipped", "refunded"):
        await order(stage, name, delivery="express", paid=True)
    await trade_things(stage, order)
    await share_things(stage, order)
    await town.sandbox.set_merchant(stage.has["mchid"], refund_outcome="CLOSED")
    part = {"lines": [{"line_id": stage.has["line_of_refunded"], "quantity": 1, "amount_fen": 5}], "reason": "碎了"}
    await stage.do("PUT", f"/orders/{stage.has['refunded']}/refunds/{stage.fresh('refund')}", part)
    for _ in range(3):
        await town.settle()
        await town.advance(seconds=70)
    async with aiohttp.ClientSession() as http:
        await http.post(f"{town.url}/wechat/pay/{town.merchant.hex}/notice", data=b"{}")
    for number in ("", "STRANGER8", "STRANGER9"):
        await town.sandbox.lie(stage.has["mchid"], DAY, "add", number=number, fen=4321)


async def _morning(stage: Tenants) -> None:
    """The bill comes at ten, and lies."""
    town = stage.town
    await town.advance(hours=12)
    await town.advance(hours=12)
    await components.request_ticket(town.world)
    await town.settle()
    async with town.world.tx(town.merchant) as tx:
        await ledger.snapshot(tx, day=(tx.now - timedelta(days=1)).date())
        await tx.run(PARKED, tx.merchant, UUID(stage.fresh("job")), tx.now)
        await tx.run(PARKED, tx.merchant, UUID(stage.fresh("job_of_any")), tx.now)
    worker = Worker(town.world, name="morning")
    await worker.duties()
    await worker.report()
    await town.settle()
    await lied_to(stage, DAY)


async def _today(stage: Tenants) -> None:
    """A new day: orders not paid yet, things in the cart, a log-in on its way, a test of the pay account."""
    world, merchant = stage.town.world, stage.town.merchant
    for name in ("to_pay", "to_cancel", "to_regret"):
        await order(stage, name)
    await stage.shop("PUT", f"/cart/lines/{stage.has['variant']}", {"quantity": 2})
    await stage.shop("POST", f"/coupons/{stage.has['coupon']}/claims")
    stage.has["piece"] = (await stage.shop("GET", "/coupons"))[0]["id"]
    stage.has["test"] = (await stage.do("POST", "/pay-account/test"))["id"]
    await stage.town.alice.open(stage.town.at("/s/tea/login"))
    async with world.tx(merchant) as tx:
        stage.has["ticket"] = await sessions.ticket(tx, fan_id=UUID(stage.has["fan"]))
    for name in ("tag", "tag_spare"):
        await stage.do("PUT", f"/tags/{stage.fresh(name)}", {"name": name})
    await stage.town.settle()
    asked = {"kind": "tag", "tag_id": stage.has["tag"], "fan_ids": [stage.has["fan"]]}
    await stage.do("PUT", f"/fan-tasks/{stage.fresh('task')}", asked)
    await stage.town.settle()
    stage.has["short_key"] = (await stage.do("POST", "/short-keys", {"data": "春茶"}))["short_key"]
    stage.has["sync"] = (await stage.do("GET", "/fan-syncs/latest"))["run"]["id"]
    await deal(stage)
    await pay_by_hand(stage, order)
    await write_out(stage)
    await sit_elsewhere(stage)
    quote = await stage.shop("POST", "/quote", {"from": {"variant_id": stage.has["variant"]}, "delivery": "pickup"})
    stage.has |= {"quote": quote["quote_token"], "total": quote["total_fen"]}
