"""Money that should not have come: paid twice, or paid after the order was closed. It goes back by itself."""

import asyncio

from make.townsfolk import Customer
from make.townshop import TEA_FEN, Shop
from wxsandbox.pay.rows import PayOrder

NEVER_HEARD = {"effect": "error", "code": "ORDER_NOT_EXIST"}


async def wechat_forgets(shop: Shop) -> None:
    """Have WeChat say, when asked or told to close, that it never heard of orders that can still be paid."""
    for method in ("GET", "POST"):
        await shop.town.sandbox.fault(f"{method} /v3/pay/transactions/out-trade-no/*", **NEVER_HEARD)


async def test_of_two_payments_for_one_order_the_second_goes_back(shop: Shop, lily: Customer) -> None:
    town, before = shop.town, await lily.money()
    order = await lily.buy(shop.tea)
    first = await lily.bill(order)
    # The owner moves to another merchant number while the cashier is open, and WeChat has lost the first order.
    await wechat_forgets(shop)
    old = town.mchid
    await town.connect_pay()
    second = await lily.bill(order)
    assert first["package"] != second["package"]
    assert (await lily.phone.pay(second))["result"] == "ok"
    await town.settle()
    assert (await lily.phone.pay(first))["result"] == "ok"
    assert before - await lily.money() == 2 * TEA_FEN
    await town.advance(minutes=5)
    assert before - await lily.money() == TEA_FEN
    assert (await lily.see(order))["state"] == "paid"
    kinds = [line["kind"] for line in (await town.order(order["id"]))["timeline"]]
    assert (kinds.count("charge.paid"), kinds.count("charge.stray")) == (1, 1)
    (refund,) = (await town.owner("GET", "/refunds"))["items"]
    assert (refund["origin"], refund["state"], refund["amount_fen"]) == ("stray", "settled", TEA_FEN)
    assert await town.balances() == {"cash_at_wechat": TEA_FEN, "sales": -TEA_FEN}
    assert (await town.sandbox.merchant_now(old))["balance_fen"] == 0
    assert await shop.stock(shop.tea) == 4


async def test_money_that_comes_after_the_order_was_closed_goes_back(shop: Shop, lily: Customer) -> None:
    town, before = shop.town, await lily.money()
    order = await lily.buy(shop.tea)
    bill = await lily.bill(order)
    await wechat_forgets(shop)
    await lily("PUT", f"/orders/{order['id']}/cancellation")
    await town.settle()
    assert (await lily.see(order))["state"] == "closed"
    assert await shop.stock(shop.tea) == 5
    assert (await lily.phone.pay(bill))["result"] == "ok"
    await town.advance(minutes=5)
    assert await lily.money() == before
    assert (await lily.see(order))["state"] == "closed"
    assert await shop.stock(shop.tea) == 5
    assert await town.balances() == {}


async def test_a_payment_in_the_last_moment_wins_over_the_closing(shop: Shop, lily: Customer) -> None:
    town, before = shop.town, await lily.money()
    order = await lily.buy(shop.tea)
    bill = await lily.bill(order)
    # The customer cancels on one phone and pays on another; the notice is lost, the look before closing finds it.
    await town.sandbox.fault("callback:pay.*", "lose")
    assert (await lily.phone.pay(bill))["result"] == "ok"
    await lily("PUT", f"/orders/{order['id']}/cancellation")
    await town.advance(minutes=1)
    assert (await lily.see(order))["state"] == "paid"
    assert before - await lily.money() == TEA_FEN
    assert await shop.stock(shop.tea) == 4


async def test_a_double_tap_on_pay_is_one_payment(shop: Shop, lily: Customer) -> None:
    order = await lily.buy(shop.tea)
    one, two = await asyncio.gather(lily.bill(order), lily.bill(order))
    assert len(list(shop.town.box.table(PayOrder))) == 1  # one number at WeChat, whichever answer the page took
    results = [(await lily.phone.pay(bill))["result"] for bill in (one, two)]
    assert results == ["ok", "fail"]
    await shop.town.settle()
    assert await lily.refused("POST", f"/orders/{order['id']}/payment") == (409, "order.already_paid")
    assert await shop.town.balances() == {"cash_at_wechat": TEA_FEN, "sales": -TEA_FEN}


async def test_nobody_pays_and_the_goods_go_back_once_wechat_has_closed(shop: Shop, lily: Customer) -> None:
    order = await lily.buy(shop.tea, 2)
    bill = await lily.bill(order)
    assert await shop.stock(shop.tea) == 3
    await shop.town.sandbox.fault("POST /v3/pay/transactions/out-trade-no/*", "status", status=500)
    await shop.town.advance(minutes=40)
    # WeChat did not say that it has closed: nothing may be sold twice.
    assert await shop.stock(shop.tea) == 3
    await shop.town.sandbox.heal()
    await shop.town.advance(hours=1)
    assert await shop.stock(shop.tea) == 5
    assert (await lily.see(order))["state"] == "closed"
    assert (await lily.phone.pay(bill))["result"] == "fail"
