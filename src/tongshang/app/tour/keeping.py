"""The second half of the tour, on the merchant's side: sent, refunded in part, picked up, and the bill agrees."""

from datetime import datetime, time, timedelta
from typing import Any

from tongshang.app.tour.buying import place, settle
from tongshang.app.tour.cast import Tour
from tongshang.app.tour.hands import NotDone
from tongshang.app.tour.stage import until, yuan
from tongshang.platform.clock import SHANGHAI

CARRIER = "顺丰速运"
MORNING = time(10, 5)
MAKING_SECONDS = 31 * 60


async def ship(tour: Tour) -> None:
    """Hand the parcel to a carrier, in the console."""
    await tour.stage.step(
        "商家在控制台发货，填快递公司和单号。",
        "The merchant ships in the console, with carrier and number.",
    )
    order = tour.parcel["id"]
    number = f"SF{int(tour.parcel['number'][-10:]):012d}"
    body = {"company": CARRIER, "number": number}
    await tour.owner.call("PUT", f"/orders/{order}/shipments/{tour.fresh('shipment')}", body)
    tour.stage.told(f"{CARRIER} {number}", f"shipped; {tour.console}/orders/{order}")


async def see_parcel(tour: Tour) -> None:
    """Let the customer see where the parcel is."""
    await tour.stage.step("顾客在订单里看到物流。", "The customer sees the parcel in the order.")
    await tour.show("order", id=tour.parcel["id"])
    tour.parcel = await tour.phone.call("GET", f"/orders/{tour.parcel['id']}")
    sent = tour.parcel["shipments"][0]
    tour.stage.told(f"已发货：{sent['company']} {sent['number']}", "on its way")


async def refund(tour: Tour) -> None:
    """Give the money of one piece back."""
    await tour.stage.step(
        "有一件少发了，商家在控制台只退这一件的钱，金额按下单时的分摊。",
        "One piece was missing: the merchant refunds just that one, by what it cost after the coupon.",
    )
    part = {"lines": [{"line_id": tour.parcel["lines"][0]["id"], "quantity": 1}], "reason": "少发一件"}
    path = f"/orders/{tour.parcel['id']}/refunds/{tour.fresh('refund')}"
    promised = await tour.owner.call("PUT", path, part)
    amount = yuan(promised["amount_fen"])
    tour.stage.told(f"已提交退款 {amount}", f"refund of {amount} on its way")


async def money_back(tour: Tour) -> None:
    """Wait until WeChat Pay has given it back."""
    await tour.stage.step(
        "微信支付处理几秒后退款到账，手机收到「退款到账通知」。",
        "WeChat Pay takes a few seconds; then the money is back, and the phone says so.",
    )

    async def settled() -> dict[str, Any] | None:
        seen = await tour.phone.call("GET", f"/orders/{tour.parcel['id']}")
        return next((one for one in seen["refunds"] if one["settled_at"]), None)

    done = await until("退款没有到账 / the refund did not settle", settled, seconds=120)
    amount = yuan(done["amount_fen"])
    tour.stage.told(f"退款 {amount} 已到账", f"{amount} arrived")
    await tour.show("order", id=tour.parcel["id"])


async def pick_up(tour: Tour) -> None:
    """Order once more, to be picked up: the assistant verifies the code, once and never again."""
    await tour.stage.step(
        "再下一单到店自提；付款后手机上出现核销码。",
        "One more order, to be picked up in the shop; once paid, the phone shows a code.",
    )
    bought = await settle(tour, await place(tour, "pickup", tour.wanted))
    await tour.show("order", id=bought["id"])

    async def code() -> str | None:
        return (await tour.phone.call("GET", f"/orders/{bought['id']}"))["pickup_code"] or None

    shown = await until("没有核销码 / no pick-up code", code)
    tour.stage.told(f"核销码 {shown}", f"code {shown}")
    await tour.stage.step(
        f"店员（{tour.staff_login.login}）在自己的手机页面核销：{tour.staff_login.staff}",
        "The assistant verifies it on a phone page of the shop's own; a second time is refused.",
    )
    await tour.assistant.call("PUT", f"/pickups/{shown}/verification")
    try:
        await tour.assistant.call("PUT", f"/pickups/{shown}/verification")
    except NotDone as no:
        tour.stage.told(f"已核销；再核一次：{no}", "verified; the second time was refused")
    else:
        raise NotDone(f"{shown}: 同一个码核销了两次 / one code was verified twice")


async def bill(tour: Tour) -> None:
    """Turn the clock to the next morning: WeChat's bill comes, and agrees with the ledger."""
    day = datetime.fromisoformat(tour.parcel["paid_at"]).astimezone(SHANGHAI).date()
    morning = datetime.combine(day + timedelta(days=1), MORNING, SHANGHAI)
    await tour.stage.enter(
        f"按回车把时钟拨到明早 {morning:%m-%d %H:%M}（模拟器的时钟，平台跟着走，之后不会拨回）",
        "press Enter to turn the clock to next morning (the simulator's; the platform follows, and it stays there)",
    )
    await tour.stage.step(
        f"时钟拨到 {morning:%Y-%m-%d %H:%M}：平台向微信支付取昨天的账单，逐笔与账本核对。",
        "The clock is turned to next morning: the platform fetches yesterday's bill and compares it line by line.",
    )
    await tour.box.call("POST", "/clock", {"now": morning.timestamp()})
    path = f"/reconciliation/{day:%Y-%m-%d}"

    async def compared() -> dict[str, Any] | None:
        try:
            seen = dict(await tour.owner.call("GET", path))
        except NotDone:
            return None  # the platform looks at the clock once a second
        if seen["state"] == "making":  # WeChat is late today; the platform comes back in half an hour
            await tour.box.call("POST", "/clock/advance", {"seconds": MAKING_SECONDS})
        return seen if seen["state"] in ("agreed", "differences") else None

    seen = await until("账单没有核对完 / the bill was not compared", compared, seconds=120)
    # WeChat sends its ticket every ten minutes; those of the hours that were skipped have expired.
    for component in (await tour.box.call("GET", "/components"))["items"]:
        await tour.box.call("POST", "/components", {"appid": component["appid"]})
    await tour.box.call("POST", "/settle")
    if seen["differences"]:
        raise NotDone(f"账单有 {len(seen['differences'])} 处差异 / the bill has differences: {tour.console}{path}")
    paid, back, fee = (yuan(seen[key]) for key in ("paid_fen", "refund_fen", "fee_fen"))
    tour.stage.told(
        f"{day}：收款 {paid}，退款 {back}，手续费 {fee}，账单与账本一致",
        f"the bill agrees; {tour.console}{path}",
    )
