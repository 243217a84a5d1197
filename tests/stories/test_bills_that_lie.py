"""Bills that drop, invent, double or re-price a line: found out, shown with both sides, resolved by a person."""

from typing import Any

from make.townsfolk import Customer
from make.townshop import TEA_FEN, Shop
from wxsandbox.pay.rows import PayOrder


async def next_day(shop: Shop, day: str) -> dict[str, Any]:
    """Wait for the morning, and read what was found out about a day."""
    assert await shop.town.next_morning() == day
    return dict(await shop.town.owner("GET", f"/reconciliation/{day}"))


async def resolve(shop: Shop, day: str, difference: dict[str, Any], action: str, note: str) -> dict[str, Any]:
    """Settle a difference; give the day as it then stands."""
    path = f"/reconciliation/{day}/differences/{difference['id']}/resolution"
    await shop.town.owner("PUT", path, {"action": action, "note": note})
    assert await shop.town.owner.refused("PUT", path, {"action": "explained", "note": "换个说法"}) == (
        409,
        "bill.settled",
    )
    (entry,) = (await shop.town.owner("GET", "/audit?action=resolve_difference"))["items"]
    assert entry["staff_name"] == "茶园主"
    return dict(await shop.town.owner("GET", f"/reconciliation/{day}"))


async def number_of(shop: Shop, order: dict[str, Any]) -> str:
    """Give the number under which WeChat knows an order's payment."""
    charge = (await shop.town.order(order["id"]))["charge"]
    (row,) = [row for row in shop.town.box.table(PayOrder) if row.transaction_id == charge["transaction_id"]]
    return str(row.out_trade_no)


async def test_a_line_that_is_missing_in_the_bill_is_explained(shop: Shop, lily: Customer) -> None:
    town, day = shop.town, shop.town.today
    number = await number_of(shop, await shop.sold(lily))
    await town.sandbox.lie(town.mchid, day, "drop", number=number)
    report = await next_day(shop, day)
    assert report["state"] == "differences"
    (lost,) = report["differences"]
    assert (lost["kind"], lost["number"], lost["theirs"]) == ("missing_there", number, None)
    assert lost["ours"]["amount_fen"] == TEA_FEN
    overview = await town.owner("GET", "/overview")
    assert overview["todo"]["differences"] == 1
    after = await resolve(shop, day, lost, "explained", "微信客服确认次日补账")
    assert (after["state"], after["differences"][0]["note"]) == ("agreed", "微信客服确认次日补账")


async def test_a_line_nobody_here_knows_is_booked_to_suspense(shop: Shop, lily: Customer) -> None:
    town, day = shop.town, shop.town.today
    await shop.sold(lily)
    await town.sandbox.lie(town.mchid, day, "add", number="STRANGER1", fen=2_500)
    report = await next_day(shop, day)
    (added,) = report["differences"]
    assert (added["kind"], added["number"], added["ours"]) == ("missing_here", "STRANGER1", None)
    assert added["theirs"]["amount_fen"] == 2_500
    before = await town.balances()
    after = await resolve(shop, day, added, "booked", "门店收款码的收入")
    assert after["state"] == "agreed"
    books = await town.balances()
    # WeChat's line says what it kept for itself.
    assert books["cash_at_wechat"] - before["cash_at_wechat"] == 2_485
    assert books["suspense"] == -2_485
    # It waits there, and every month shows it, until somebody knows what it was.
    assert (await town.owner("GET", "/reconciliation?month=2020-01"))["suspense"] == [
        {"date": day, "differences": 1, "fen": 2_485}
    ]
    path = f"/reconciliation/{day}/differences/{added['id']}/clearance"
    assert await town.owner.refused("PUT", path, {"to": "stored_bonus", "note": "不行"}) == (400, "invalid")
    done = await town.owner("PUT", path, {"to": "sales", "note": "门店收款码，11 月"})
    assert (done["suspense_fen"], done["resolution"]) == (0, "cleared")
    assert (await town.owner("GET", "/reconciliation"))["suspense"] == []
    books = await town.balances()
    assert (books.get("suspense", 0), books["sales"] - before["sales"]) == (0, -2_485)
    (entry,) = (await town.owner("GET", "/audit?action=clear_difference"))["items"]
    assert entry["staff_name"] == "茶园主"


async def test_a_line_that_stands_there_twice_is_reported(shop: Shop, lily: Customer) -> None:
    town, day = shop.town, shop.town.today
    number = await number_of(shop, await shop.sold(lily))
    await town.sandbox.lie(town.mchid, day, "double", number=number)
    report = await next_day(shop, day)
    found = {one["kind"]: one for one in report["differences"]}
    twice = found["duplicate_line"]
    assert (twice["number"], twice["theirs"]["count"], twice["ours"]["amount_fen"]) == (number, 2, TEA_FEN)
    # The bill is mended at WeChat; fetched once more, the day agrees and nothing is left to settle.
    await town.sandbox.heal()
    await town.owner("POST", f"/reconciliation/{day}/run")
    await town.settle()
    mended = await town.owner("GET", f"/reconciliation/{day}")
    assert (mended["state"], mended["differences"]) == ("agreed", [])


async def test_another_price_is_shown_beside_ours(shop: Shop, lily: Customer) -> None:
    town, day = shop.town, shop.town.today
    number = await number_of(shop, await shop.sold(lily))
    await town.sandbox.lie(town.mchid, day, "reprice", number=number, fen=TEA_FEN - 100)
    report = await next_day(shop, day)
    priced = next(one for one in report["differences"] if one["kind"] == "amount_differs")
    assert (priced["ours"]["amount_fen"], priced["theirs"]["amount_fen"]) == (TEA_FEN, TEA_FEN - 100)
    for other in report["differences"]:
        path = f"/reconciliation/{day}/differences/{other['id']}/resolution"
        refused = await town.owner.refused("PUT", path, {"action": "explained", "note": " "})
        assert refused == (400, "invalid")
        await town.owner("PUT", path, {"action": "reported", "note": "已提交微信工单"})
    assert (await town.owner("GET", f"/reconciliation/{day}"))["state"] == "agreed"


async def test_a_bill_that_is_not_made_yet_is_fetched_later(shop: Shop, lily: Customer) -> None:
    town, day = shop.town, shop.town.today
    await shop.sold(lily)
    making = await town.sandbox.fault("GET /v3/bill/tradebill", "error", code="STATEMENT_CREATING")
    assert (await next_day(shop, day))["state"] == "making"
    await town.sandbox.heal(making)
    await town.advance(hours=1)
    assert (await town.owner("GET", f"/reconciliation/{day}"))["state"] == "agreed"
