"""The first half of the tour, on the person's phone: from the counter's code to a paid order."""

import re
from html import unescape
from typing import Any

from tongshang.app.tour.cast import Tour
from tongshang.app.tour.hands import NotDone
from tongshang.app.tour.stage import until, yuan

PASSWORD = "123456"  # noqa: S105  (of the simulator's wallets)
HOME = {"name": "小游", "phone": "13800138000", "region": ["浙江省", "杭州市", "滨江区"], "detail": "江南大道 588 号"}
LINK = re.compile(r'<a href="([^"]+)">')
TAG = re.compile(r"<[^>]+>")
MOST_KINDS = 6


async def follow(tour: Tour) -> None:
    """Scan the code on the counter; a stranger follows by that."""
    await tour.stage.step(
        "顾客用微信扫收银台的二维码，并关注公众号。",
        "The customer scans the code on the counter with WeChat, and follows the account.",
    )
    codes = (await tour.owner.call("GET", "/scene-codes"))["items"]
    found = sorted((code for code in codes if code["url"]), key=lambda code: code["scene"] != "counter")
    if not found:
        raise NotDone("控制台里还没有渠道二维码 / the shop has no QR code")
    await tour.box.act(tour.person, "scan", text=found[0]["url"])
    tour.stage.told(f"扫了「{found[0]['name']}」，已关注 {tour.shop}", "following")


async def welcome(tour: Tour) -> None:
    """Wait for the greeting, with the coupon and the link to the store."""
    await tour.stage.step(
        "公众号马上回一条欢迎：一张优惠券和进店的链接。看手机的聊天。",
        "The account greets at once, with a coupon and a link to the store. Look at the chat on the phone.",
    )

    async def greeting() -> str | None:
        bubbles = await tour.box.chat(tour.person, tour.appid)
        said = [one["content"]["text"] for one in bubbles if one["who"] == "account" and one["kind"] == "text"]
        return next((text for text in said if LINK.search(text)), None)

    text = await until("欢迎语没有来 / no welcome came", greeting)
    link = LINK.search(text)
    assert link is not None
    tour.store = unescape(link[1])
    tour.stage.told("｜".join(filter(None, TAG.sub("", text).splitlines())), "the welcome")


async def visit(tour: Tour) -> None:
    """Open the store from the chat: WeChat says who it is, without a question."""
    await tour.stage.step(
        "点开链接进店：微信静默登录，不问任何问题；券已经在「我的」里。",
        "The link opens the store: WeChat logs in silently, asking nothing; the coupon is there already.",
    )
    await tour.show()
    me = await tour.phone.enter(f"{tour.store.rstrip('/')}/login")
    tour.fan = str(me["id"])

    async def piece() -> dict[str, Any] | None:
        mine = await tour.phone.call("GET", "/coupons")
        return next((one for one in mine if one["state"] == "unused"), None)

    tour.piece = await until("券没有到账 / the coupon did not come", piece, seconds=20)
    name, least, minus = (tour.piece[key] for key in ("name", "min_spend_fen", "minus_fen"))
    tour.stage.told(
        f"{name}：满 {yuan(least)} 减 {yuan(minus)}",
        f"{yuan(minus)} off from {yuan(least)} on; /console/fans/{tour.fan}",
    )


async def fill_cart(tour: Tour) -> None:
    """Put goods into the cart until the coupon can be used: two of the first, one each of others."""
    await tour.stage.step("把喜欢的放进购物车。", "Into the cart with what is liked.")
    cards = (await tour.phone.call("GET", "/products"))["items"]
    total = 0
    for place, card in enumerate([card for card in cards if not card["sold_out"]][:MOST_KINDS]):
        if place >= 2 and total >= tour.piece["min_spend_fen"]:
            break
        product = await tour.phone.call("GET", f"/products/{card['id']}")
        variant = max(product["variants"], key=lambda one: int(one["stock"]))
        quantity = 2 if place == 0 and variant["stock"] > 1 else 1
        cart = await tour.phone.call("PUT", f"/cart/lines/{variant['id']}", {"quantity": quantity, "selected": True})
        total = cart["selected_fen"]
        tour.wanted = {"from": {"variant_id": variant["id"], "quantity": 1}, "delivery": "pickup"}
        tour.stage.told(f"{product['title']} {' '.join(variant['options'])} × {quantity}", f"cart {yuan(total)}")
    await tour.show("cart")


async def order(tour: Tour) -> None:
    """Agree to the privacy text, leave an address, and order with the coupon."""
    await tour.stage.step(
        "结算：先同意隐私说明，再留地址；用上优惠券，每一分钱都有说明。",
        "Check out: agree to the privacy text, then leave an address; with the coupon, every fen explained.",
    )
    text = await tour.phone.call("GET", "/consent")
    await tour.phone.call("PUT", "/consent", {"version": text["version"], "accepted": True})
    home = tour.fresh("address")
    await tour.phone.call("PUT", f"/addresses/{home}", {**HOME, "is_default": True})
    wanted = {"from": "cart", "delivery": "express", "address_id": home, "coupon_id": tour.piece["id"]}
    tour.parcel = await place(tour, "parcel", wanted)
    for row in tour.parcel["money"]:
        tour.stage.told(f"{row['label_zh']} {_signed(row['fen'])}", row["label_en"])
    total = yuan(tour.parcel["total_fen"])
    tour.stage.told(f"订单 {tour.parcel['number']}，应付 {total}", f"to pay {total}")
    await tour.show("order", id=tour.parcel["id"])


async def pay(tour: Tour) -> None:
    """Pay in the cashier; WeChat's notice makes the order paid."""
    await tour.stage.step(
        "在微信支付的收银台输入密码。付款后看：手机上的支付凭证，控制台订单列表不用刷新就有新订单。",
        "The password goes into WeChat Pay's cashier. Then see the receipt, and the order in the console by itself.",
    )
    tour.parcel = await settle(tour, tour.parcel)
    tour.stage.told(f"已支付 {yuan(tour.parcel['total_fen'])}", f"paid; {tour.console}/orders/{tour.parcel['id']}")
    await tour.show("order", id=tour.parcel["id"])


async def place(tour: Tour, word: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """Ask for the price, then order exactly that."""
    quote = await tour.phone.call("POST", "/quote", wanted)
    asked = {**wanted, "quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"], "remark": ""}
    return dict(await tour.phone.call("PUT", f"/orders/{tour.fresh('order', word)}", asked))


async def settle(tour: Tour, order: dict[str, Any]) -> dict[str, Any]:
    """Pay an order and wait until the shop knows."""
    bill = await tour.phone.call("POST", f"/orders/{order['id']}/payment")
    said = await tour.box.act(tour.person, "pay", **bill, password=PASSWORD)
    if said["result"] != "ok":
        raise NotDone(str(said["message"]))

    async def paid() -> dict[str, Any] | None:
        seen = await tour.phone.call("GET", f"/orders/{order['id']}?confirm=true")
        return seen if seen["paid_at"] else None

    return await until("没有变成已支付 / it did not become paid", paid)


def _signed(fen: int) -> str:
    return f"-{yuan(-fen)}" if fen < 0 else yuan(fen)
