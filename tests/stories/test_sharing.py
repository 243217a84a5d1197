"""An order whose money is shared: declared in the console, paid, shared, refunded in part, and agreed with the bill."""

from typing import Any
from uuid import uuid4

from make.townsfolk import Customer
from make.townshop import TEA_FEN, Shop
from wxsandbox.pay.rows import PayFlow

SUPPLIER = "茶山供应链有限公司"
PART = 1_000


async def declare(shop: Shop, *, name: str = SUPPLIER, per_myriad: int = PART) -> str:
    """Declare a supplier's part in the console, as the owner does; gives his number at WeChat."""
    town = shop.town
    mchid = (await town.sandbox.merchant(name=SUPPLIER))["mchid"]
    receiver = {"kind": "MERCHANT_ID", "account": mchid, "name": name, "label": "茶山供应链", "purpose": "partner",
                "per_myriad": per_myriad, "relation": "SUPPLIER"}  # fmt: skip
    await town.owner("PUT", f"/sharing/receivers/{uuid4()}", receiver)
    await town.owner("PUT", "/sharing/settings", {"enabled": True, "hold_days": 0, "max_per_myriad": 3_000})
    await town.settle()
    return str(mchid)


async def shared(shop: Shop, customer: Customer) -> dict[str, Any]:
    """Sell a tea, and wait until its money is shared; gives the order."""
    order = await shop.sold(customer)
    await shop.town.advance(minutes=10)
    return order


async def give_back(shop: Shop, order: dict[str, Any], fen: int, quantity: int = 1) -> str:
    """Promise a part of an order back; gives the refund's id."""
    refund, line = str(uuid4()), (await shop.town.order(order["id"]))["lines"][0]["id"]
    asked = {"lines": [{"line_id": line, "quantity": quantity, "amount_fen": fen}], "reason": "少了一包"}
    await shop.town.owner("PUT", f"/orders/{order['id']}/refunds/{refund}", asked)
    await shop.town.advance(minutes=10)
    return refund


async def at_wechat(shop: Shop, mchid: str) -> int:
    """Say what a merchant has at WeChat."""
    return int((await shop.town.sandbox.merchant_now(mchid))["balance_fen"])


async def test_from_an_order_to_a_bill_that_agrees(shop: Shop, lily: Customer) -> None:
    town, day = shop.town, shop.town.today
    supplier = await declare(shop)
    url = town.at(f"/wechat/pay/{town.merchant.replace('-', '')}/notice")
    await town.sandbox.set_merchant(town.mchid, sharing_notify_url=url)
    order = await shared(shop, lily)
    (split,) = (await town.owner("GET", f"/sharing/splits?order_id={order['id']}"))["items"]
    assert (split["state"], split["order_number"]) == ("done", (await town.order(order["id"]))["number"])
    assert [(one["label"], one["amount_fen"]) for one in split["shares"]] == [("茶山供应链", TEA_FEN // 10)]
    assert await at_wechat(shop, supplier) == TEA_FEN // 10
    await give_back(shop, order, 3_300)
    assert (await lily.see(order))["refund"] == "part"
    (split,) = (await town.owner("GET", "/sharing/splits"))["items"]
    assert (split["shares"][0]["returned_fen"], split["unwound_fen"]) == (330, 3_300)
    (told,) = (await town.order(order["id"]))["refunds"]
    assert [(one["label"], one["amount_fen"], one["state"]) for one in told["shares"]] == [
        ("茶山供应链", 330, "returned")
    ]
    assert (await lily.see(order))["refunds"][0]["shares"] == []  # who else got what is no affair of hers
    # WeChat tells that the share is back; we knew, and take it calmly.
    assert [one["status"] for one in await town.heard("pay.PROFITSHARING_RETURN")] == [204]
    assert await town.owner("GET", "/pay-account/suspicious") == []
    assert await town.next_morning() == day
    report = await town.owner("GET", f"/reconciliation/{day}")
    assert (report["state"], report["differences"]) == ("agreed", [])
    (funds,) = (await town.owner("GET", f"/settlements?month={day[:7]}"))["items"]
    assert (funds["shared_fen"], funds["other_fen"]) == (660, 0)
    assert funds["closing_fen"] == await at_wechat(shop, town.mchid)
    books = await town.balances()
    assert books["cash_at_wechat"] == await at_wechat(shop, town.mchid)
    fee, kept = books["fees"], TEA_FEN - 3_300
    assert books == {
        "cash_at_wechat": kept - 660 - fee, "sales": -TEA_FEN, "refunds": 3_300, "partner_shares": 660, "fees": fee,
    }  # fmt: skip
    shown = [line["zh"] for line in (await town.order(order["id"]))["timeline"]]
    assert any("已分账给 茶山供应链" in text for text in shown), shown
    assert await town.stuck_jobs() == []


async def test_a_bill_that_lies_about_shares_is_found_out(shop: Shop, lily: Customer) -> None:
    town, day = shop.town, shop.town.today
    await declare(shop)
    order = await shared(shop, lily)
    await give_back(shop, order, 3_300)
    rows = await town.owner("GET", "/sharing/splits")
    returned = rows["items"][0]["shares"][0]["returns"][0]
    assert returned["state"] == "returned"
    number = _numbers(shop)
    for what, some, fen in (("drop", number["分账"], 0), ("reprice", number["分账回退"], 7)):
        await town.sandbox.lie(town.mchid, day, what, number=some, fen=fen, bill="fund")
    await town.sandbox.lie(town.mchid, day, "add", number="STRANGER", fen=-5, bill="fund", kind="分账")
    assert await town.next_morning() == day
    found = (await town.owner("GET", f"/reconciliation/{day}"))["differences"]
    kinds = {one["kind"]: one for one in found if one["kind"].startswith("share")}
    assert set(kinds) == {"share_missing_there", "share_missing_here", "share_amount_differs"}
    assert kinds["share_amount_differs"]["theirs"]["amount_fen"] == 7
    # Mended at WeChat, and fetched once more: nothing is left.
    await town.sandbox.heal()
    await town.owner("POST", f"/reconciliation/{day}/run")
    await town.settle()
    assert (await town.owner("GET", f"/reconciliation/{day}"))["state"] == "agreed"


async def test_a_refund_that_wechat_closed_asks_nobody_twice(shop: Shop, lily: Customer) -> None:
    town = shop.town
    supplier = await declare(shop)
    order = await shared(shop, lily)
    await town.sandbox.set_merchant(town.mchid, refund_outcome="CLOSED")
    first = await give_back(shop, order, TEA_FEN)
    assert (await town.owner("GET", "/refunds"))["items"][0]["state"] == "closed"
    assert await at_wechat(shop, supplier) == 0
    # Until the refund is asked for again, the supplier's money is with the shop: somebody is told so.
    (waits,) = (await town.owner("GET", "/sharing/splits?state=attention"))["items"]
    assert [(one["refund_id"], one["amount_fen"]) for one in waits["owed"]] == [(first, TEA_FEN // 10)]
    await town.sandbox.set_merchant(town.mchid, refund_outcome="SUCCESS")
    await town.owner("PUT", f"/refunds/{first}/repetition")
    await town.advance(minutes=10)
    assert (await town.owner("GET", "/sharing/splits?state=attention"))["items"] == []
    assert (await town.owner("GET", "/refunds"))["items"][0]["state"] == "settled"
    (split,) = (await town.owner("GET", "/sharing/splits"))["items"]
    assert [len(one["returns"]) for one in split["shares"]] == [1]
    assert await town.balances() == {"sales": -TEA_FEN, "refunds": TEA_FEN}
    assert await town.stuck_jobs() == []


async def test_what_came_back_in_vain_is_made_good_by_hand_and_in_the_books(shop: Shop, lily: Customer) -> None:
    town = shop.town
    await declare(shop)
    order = await shared(shop, lily)
    await town.sandbox.set_merchant(town.mchid, refund_outcome="CLOSED")
    refund = await give_back(shop, order, TEA_FEN)
    part = TEA_FEN // 10
    assert (await town.owner("GET", "/waiting"))["shares"] == 1
    assert any("已追回的分账" in line["zh"] for line in (await town.order(order["id"]))["timeline"])
    path, said = f"/sharing/refunds/{refund}/settlement", {"how": "paid", "note": "11 月 23 日银行转账"}
    assert await town.owner.refused("PUT", path, {"how": "forgotten", "note": "x"}) == (400, "invalid")
    assert await town.owner.refused("PUT", path, {"how": "paid", "note": " "}) == (400, "invalid")
    assert await town.owner.refused("PUT", f"/sharing/refunds/{uuid4()}/settlement", said) == (404, "not_found")
    for _ in range(2):
        assert (await town.owner("PUT", path, said))["owed"] == []
    assert await town.owner.refused("PUT", path, {"how": "kept", "note": "算了"}) == (409, "sharing.nothing_owed")
    assert (await town.owner("GET", "/waiting"))["shares"] == 0
    assert (await town.owner("GET", "/sharing"))["counts"]["owed"] == 0
    assert await town.balances() == {
        "cash_at_wechat": TEA_FEN, "sales": -TEA_FEN, "partner_shares": part, "offline": -part,
    }  # fmt: skip
    assert any("已线下付给接收方" in line["zh"] for line in (await town.order(order["id"]))["timeline"])
    (entry,) = (await town.owner("GET", "/audit?action=settle_returned_shares"))["items"][:1]
    assert entry["staff_name"] == "茶园主"


def _numbers(shop: Shop) -> dict[str, str]:
    """Give our own numbers of the share and its return, as WeChat's flows carry them."""
    flows = [flow for flow in shop.town.box.table(PayFlow) if flow.mchid == shop.town.mchid]
    return {flow.name: flow.voucher for flow in flows if flow.kind == "分账"}
