"""After-sales from the phone to WeChat's books: discounted goods to the fen, silence, the platform's word."""

from typing import Any
from uuid import uuid4

from make.townsfolk import Customer
from make.townshop import CUP_FEN, TEA_FEN, Shop

RETURN_TO = {"name": "张掌柜", "phone": "057187000000", "address": "杭州市西湖区龙井路 88 号"}
BACK = {"company": "中通快递", "number": "ZT556677"}


async def bought(shop: Shop, who: Customer, variant: str, quantity: int = 1) -> dict[str, Any]:
    """Buy, pay, and have it sent."""
    order = await who.buy(variant, quantity, delivery="express", address_id=await who.address())
    await who.pay(order)
    await shop.town.settle()
    parcel = {"company": "顺丰速运", "number": f"SF{order['number']}"}
    await shop.town.owner("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", parcel)
    return await who.see(order)


async def ask(who: Customer, order: dict[str, Any], quantity: int = 1, **more: Any) -> str:
    """Ask for pieces of the first line; gives the case's address."""
    case, lines = uuid4(), [{"line_id": order["lines"][0]["id"], "quantity": quantity}]
    body = {"kind": "return_and_refund", "reason": "changed_mind", "lines": lines, **more}
    await who("PUT", f"/orders/{order['id']}/after-sales/{case}", body)
    return f"/after-sales/{case}"


async def until(shop: Shop, path: str, state: str) -> dict[str, Any]:
    """Let minutes pass until a case is where it should be."""
    for _ in range(20):
        if (case := dict(await shop.town.owner("GET", path)))["state"] == state:
            return case
        await shop.town.advance(minutes=2)
    raise AssertionError((case["state"], state))


async def test_part_of_a_discounted_order_comes_back_to_the_fen(shop: Shop, lily: Customer) -> None:
    town, owner = shop.town, shop.town.owner
    await owner("PUT", "/after-sale-settings", {"return_to": RETURN_TO})
    piece = (await lily("POST", f"/coupons/{shop.coupon}/claims"))["id"]
    start = await lily.money()
    order = await lily.buy(shop.tea, 3, delivery="express", address_id=await lily.address(), coupon_id=piece)
    await lily.pay(order)
    await town.settle()
    assert order["total_fen"] == 3 * TEA_FEN - 1_000 + 800
    await owner("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", {"company": "顺丰速运", "number": "SF100200"})
    back = 0
    for quantity, due in ((1, 9_566), (2, 19_134)):  # 28,700 fen for three: the last ones bring the odd fen
        path = await ask(lily, order, quantity)
        assert (await owner("PUT", f"{path}/answer", {"agreed": True}))["amount_fen"] == due
        await lily("PUT", f"{path}/parcel", BACK)
        line = {"line_id": order["lines"][0]["id"], "quantity": quantity}
        for _ in range(2):  # the double click
            await owner("PUT", f"{path}/check-in", {"condition": "good", "back": [line]})
        await until(shop, path, "done")
        back += due
        assert start - await lily.money() == order["total_fen"] - back
    assert await town.balances() == {"cash_at_wechat": 800, "sales": -order["total_fen"], "refunds": back}
    assert await shop.stock(shop.tea) == 5
    assert await town.stuck_jobs() == []


async def test_nobody_says_anything_and_the_clocks_decide(shop: Shop, lily: Customer) -> None:
    town, owner = shop.town, shop.town.owner
    await owner("PUT", "/after-sale-settings", {"return_to": RETURN_TO})
    start = await lily.money()
    waiting = await lily.buy(shop.cup, delivery="express", address_id=await lily.address())
    await lily.pay(waiting)
    await town.settle()
    early = await ask(lily, waiting, kind="refund_only", reason="not_wanted")
    late = await ask(lily, await bought(shop, lily, shop.tea))
    await town.advance(hours=47)
    assert {(await owner("GET", one))["state"] for one in (early, late)} == {"asked"}
    await town.advance(hours=2)
    await until(shop, early, "done")  # WeChat is slower than the clock
    assert start - await lily.money() == TEA_FEN + 800  # what was never sent came back whole, with its freight
    assert (await owner("GET", late))["state"] == "agreed"
    await lily("PUT", f"{late}/parcel", BACK)
    await town.advance(days=7, hours=1)
    await lily.enter()
    assert (await lily("GET", late))["state"] in ("refunding", "done")
    assert await town.stuck_jobs() == []


async def test_the_platform_is_called_sees_that_case_alone_and_rules(shop: Shop, lily: Customer) -> None:
    town, owner, provider = shop.town, shop.town.owner, shop.town.provider
    await owner("PUT", "/after-sale-settings", {"return_to": RETURN_TO})
    order = await bought(shop, lily, shop.cup, 2)
    quiet, loud = await ask(lily, order), await ask(lily, order)
    for path in (quiet, loud):
        await owner("PUT", f"{path}/answer", {"agreed": False, "words": "已使用"})
    assert await provider("GET", "/provider/arbitrations") == []
    at = f"/provider/arbitrations/{town.merchant}"
    assert await provider.refused("GET", f"{at}/{quiet.rsplit('/', 1)[1]}") == (404, "not_found")
    await lily("PUT", f"{loud}/call", {"words": "收到时就是坏的"})
    [called] = await provider("GET", "/provider/arbitrations")
    path = f"{at}/{called['id']}"
    seen = await provider("GET", path)
    assert ([one["words"] for one in seen["entries"]][-2:], seen["note"]) == (["已使用", "收到时就是坏的"], "")
    assert (await owner.refused("GET", path))[0] == 403
    ruling = {"finds_for": "buyer", "words": "商家未能举证", "amount_fen": 5_000}
    wrong = {**ruling, "amount_fen": CUP_FEN + 1}
    assert (await provider.refused("PUT", f"{path}/ruling", wrong))[0] == 400
    start = await lily.money()
    for _ in range(2):
        await provider("PUT", f"{path}/ruling", ruling)
    await until(shop, loud, "done")
    assert await lily.money() - start == 5_000
    assert (await lily("GET", loud))["ruling"] == "商家未能举证"
    assert await provider.refused("PUT", f"{at}/{quiet.rsplit('/', 1)[1]}/ruling", ruling) == (404, "not_found")
    acted = [one["action"] for one in (await owner("GET", "/audit"))["items"]]
    assert "rule_arbitration" in acted
    async with town.world.system_tx() as tx:
        sides = await tx.value("select count(distinct merchant_id) from audit where action = 'rule_arbitration'")
    assert sides == 2
    assert await town.stuck_jobs() == []
