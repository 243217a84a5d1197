"""Presales, with the clock turned: the deposit, the window, the balance, what is sent, and what goes back when not."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from make.shops import png
from make.townsfolk import Customer
from make.townshop import Shop

PRICE, DEPOSIT = 30_000, 5_000
BALANCE = PRICE - DEPOSIT


async def presale(shop: Shop, *, stock: int = 3) -> tuple[str, dict[str, Any]]:
    """Put a presale on the shelf: the balance in five hours, for four; give its variant and its terms."""
    town, variant, product = shop.town, str(uuid4()), str(uuid4())
    terms = {
        "deposit_fen": DEPOSIT,
        "balance_from": (town.now + timedelta(hours=5)).isoformat(),
        "balance_until": (town.now + timedelta(hours=9)).isoformat(),
        "ships_by": (town.now + timedelta(days=20)).date().isoformat(),
    }
    body = {"title": "头采龙井（预售）", "pictures": [await town.owner.upload(png())], "state": "on",
            "terms": {"presale": terms}, "variants": [{"id": variant, "price_fen": PRICE, "stock": stock}]}  # fmt: skip
    await town.owner("PUT", f"/products/{product}", body)
    shop.products[variant] = product
    return variant, terms


async def deposited(shop: Shop, lily: Customer, variant: str) -> dict[str, Any]:
    """Order a presale and pay its deposit; give the order as the customer sees it."""
    order = await lily.buy(variant)
    await lily.pay(order)
    await shop.town.settle()
    return await lily.see(order)


async def pay_balance(shop: Shop, lily: Customer, order: dict[str, Any]) -> None:
    """Pay the balance at the cashier."""
    paid = await lily.phone.pay(await lily("POST", f"/orders/{order['id']}/balance/payment"))
    assert paid["result"] == "ok", paid
    await shop.town.settle()


async def facts(shop: Shop, order: dict[str, Any]) -> list[str]:
    """Name what happened to an order, in words."""
    return [one["zh"] for one in (await shop.town.owner("GET", f"/orders/{order['id']}"))["timeline"]]


async def test_deposit_then_balance_then_the_goods(shop: Shop, lily: Customer) -> None:
    town, purse = shop.town, await lily.money()
    variant, terms = await presale(shop)
    quote = await lily("POST", "/quote", {"from": {"variant_id": variant}, "delivery": "pickup"})
    assert (quote["total_fen"], quote["deposit"]["deposit_fen"], quote["deposit"]["balance_fen"]) == (
        PRICE,
        DEPOSIT,
        BALANCE,
    )
    order = await deposited(shop, lily, variant)
    assert (order["state"], order["paid_at"], order["presale"]["state"]) == ("deposit", None, "owed")
    assert await lily.money() == purse - DEPOSIT
    assert await town.balances() == {"cash_at_wechat": DEPOSIT, "deposits": -DEPOSIT}
    assert await shop.stock(variant) == 2  # kept from now on
    assert await lily.refused("POST", f"/orders/{order['id']}/balance/payment") == (409, "presale.not_open")
    assert await lily.refused("PUT", f"/orders/{order['id']}/cancellation", {}) == (409, "order.already_paid")
    assert (await town.owner("GET", "/orders?state=deposit"))["counts"]["deposit"] == 1
    await town.until(datetime.fromisoformat(terms["balance_from"]) + timedelta(minutes=1))
    assert "可以付尾款了" in " ".join(await facts(shop, order))
    await pay_balance(shop, lily, order)
    paid = await lily.see(order)
    assert (paid["state"], paid["presale"]["state"], paid["paid_at"] is None) == ("paid", "paid", False)
    assert await lily.money() == purse - PRICE
    assert await town.balances() == {"cash_at_wechat": PRICE, "sales": -PRICE}
    await town.owner("PUT", f"/pickups/{paid['pickup_code']}/verification")
    await town.advance(hours=6)  # nothing of the presale is left to happen
    assert (await lily.see(order))["state"] == "completed"
    assert await shop.stock(variant) == 2
    assert await town.stuck_jobs() == []


async def test_a_balance_that_never_comes_ends_the_order_and_the_deposit_stays(shop: Shop, lily: Customer) -> None:
    town, purse = shop.town, await lily.money()
    variant, terms = await presale(shop)
    order = await deposited(shop, lily, variant)
    await town.until(datetime.fromisoformat(terms["balance_from"]) + timedelta(hours=1))
    await lily("POST", f"/orders/{order['id']}/balance/payment")  # looked at, and put off
    await town.until(datetime.fromisoformat(terms["balance_until"]) + timedelta(hours=1))
    ended = await lily.see(order)
    assert (ended["state"], ended["close_reason"], ended["presale"]["state"]) == ("closed", "balance_missed", "missed")
    assert await shop.stock(variant) == 3
    assert await lily.refused("POST", f"/orders/{order['id']}/balance/payment") == (409, "presale.none")
    assert await lily.money() == purse - DEPOSIT
    assert await town.balances() == {"cash_at_wechat": DEPOSIT, "forfeited": -DEPOSIT}
    # The merchant may give it back after all, once.
    refund = str(uuid4())
    for _ in range(2):
        await town.owner("PUT", f"/orders/{order['id']}/deposit/refunds/{refund}")
    assert await town.owner.refused("PUT", f"/orders/{order['id']}/deposit/refunds/{uuid4()}") == (
        409,
        "presale.no_deposit",
    )
    await town.advance(minutes=5)
    assert await lily.money() == purse
    shown = await lily.see(order)
    assert (shown["refund"], [(one["amount_fen"], one["state"]) for one in shown["refunds"]]) == (
        "all",
        [(DEPOSIT, "settled")],
    )
    assert await town.balances() == {"sales": -DEPOSIT, "refunds": DEPOSIT}
    assert await town.stuck_jobs() == []


async def test_the_merchant_lets_a_presale_go_while_its_balance_is_at_the_cashier(shop: Shop, lily: Customer) -> None:
    town, purse = shop.town, await lily.money()
    variant, terms = await presale(shop)
    order = await deposited(shop, lily, variant)
    await town.until(datetime.fromisoformat(terms["balance_from"]) + timedelta(hours=1))
    bill = await lily("POST", f"/orders/{order['id']}/balance/payment")
    await town.owner("PUT", f"/orders/{order['id']}/deposit/refunds/{uuid4()}")
    await town.advance(minutes=5)
    ended = await lily.see(order)
    assert (ended["state"], ended["close_reason"], ended["presale"]["state"]) == ("closed", "merchant", "dropped")
    assert (await lily.phone.pay(bill))["result"] != "ok"  # WeChat closed it first
    assert (await lily.money(), await shop.stock(variant)) == (purse, 3)
    assert await town.stuck_jobs() == []


async def test_both_payments_go_back_whole_the_balance_first(shop: Shop, lily: Customer) -> None:
    town, purse = shop.town, await lily.money()
    variant, terms = await presale(shop)
    order = await deposited(shop, lily, variant)
    await town.until(datetime.fromisoformat(terms["balance_from"]) + timedelta(minutes=1))
    await pay_balance(shop, lily, order)
    (line,) = (await town.owner("GET", f"/orders/{order['id']}"))["lines"]

    async def back(fen: int) -> None:
        part = {"line_id": line["id"], "quantity": 0, "amount_fen": fen}
        await town.owner("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", {"lines": [part], "reason": "退差价"})
        await town.advance(minutes=5)

    await back(1_000)
    shown = await lily.see(order)
    assert [part["amount_fen"] for part in shown["refunds"][0]["parts"]] == [1_000]
    rest = {"lines": [{"line_id": line["id"], "quantity": 1}], "reason": "不要了"}
    await town.owner("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", rest)
    await town.advance(minutes=5)
    shown = await lily.see(order)
    assert [part["amount_fen"] for part in shown["refunds"][1]["parts"]] == [BALANCE - 1_000, DEPOSIT]
    assert (shown["state"], shown["refund"]) == ("closed", "all")
    assert (await lily.money(), await shop.stock(variant)) == (purse, 3)
    assert await town.balances() == {"sales": -PRICE, "refunds": PRICE}
    assert await town.stuck_jobs() == []


async def test_nobody_pays_the_deposit_and_a_presale_is_ordered_alone_and_in_time(shop: Shop, lily: Customer) -> None:
    town = shop.town
    variant, terms = await presale(shop)
    order = await lily.buy(variant)
    await town.advance(minutes=20)
    ended = await lily.see(order)
    assert (ended["state"], ended["presale"]["state"]) == ("closed", "dropped")
    assert await town.owner.refused("PUT", f"/orders/{order['id']}/deposit/refunds/{uuid4()}") == (
        409,
        "presale.no_deposit",
    )
    for one in (variant, shop.tea):
        await lily("PUT", f"/cart/lines/{one}", {"quantity": 1})
    quote = await lily("POST", "/quote", {"from": "cart", "delivery": "pickup"})
    assert [problem["code"] for problem in quote["problems"]] == ["presale.alone"]
    await town.until(datetime.fromisoformat(terms["balance_until"]))
    quote = await lily("POST", "/quote", {"from": {"variant_id": variant}, "delivery": "pickup"})
    assert [problem["code"] for problem in quote["problems"]] == ["presale.over"]
    assert await shop.stock(variant) == 3
