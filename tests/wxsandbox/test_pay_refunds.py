"""Refunds at the simulated WeChat Pay: parts, limits, repeats, and the ways they end."""

from collections.abc import AsyncIterator

import pytest

from make.wxpay import Shop, World, a_world

PATH = "/v3/refund/domestic/refunds"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as opened_world:
        yield opened_world


async def balance(world: World, shop: Shop) -> int:
    return int((await world.hand("GET", f"/merchants/{shop.mchid}"))["balance_fen"])


async def state(shop: Shop, number: str = "ORDER0001") -> str:
    path = f"/v3/pay/transactions/out-trade-no/{number}?mchid={shop.mchid}"
    return str((await shop.call("GET", path)).json["trade_state"])


async def test_a_refund_is_accepted_first_and_done_later(world: World) -> None:
    shop = await world.shop()
    paid = await world.paid(shop)
    said = await shop.call("POST", PATH, shop.refund("R1", "ORDER0001", 1900, 8800, reason="缺货"))
    taken = said.json
    assert (taken["status"], "success_time" in taken) == ("PROCESSING", False)
    assert taken["amount"]["payer_refund"] == 1900
    assert await state(shop) == "REFUND"
    assert (await shop.call("GET", f"{PATH}/R1")).json == taken
    await world.pass_seconds(3)
    done = (await shop.call("GET", f"{PATH}/R1")).json
    assert (done["status"], done["success_time"]) == ("SUCCESS", "2026-11-02T10:00:03+08:00")
    assert done["transaction_id"] == paid["transaction_id"]
    purse = await world.hand("GET", "/people/lily/wallet")
    assert purse["balance_fen"] == 1_000_000 - 8800 + 1900
    notice = world.ear.resources(shop.made)
    assert len(notice) == 1  # no notify_url, no notice of the refund


async def test_the_same_number_refunds_once_and_changed_amounts_are_refused(world: World) -> None:
    shop = await world.shop()
    await world.paid(shop)
    asked = shop.refund("R1", "ORDER0001", 1900, 8800)
    first = (await shop.call("POST", PATH, asked)).json
    assert (await shop.call("POST", PATH, asked)).json == first
    for other in (shop.refund("R1", "ORDER0001", 2000, 8800), shop.refund("R1", "ORDER0001", 1900, 8801)):
        assert (await shop.call("POST", PATH, other)).code == (400, "INVALID_REQUEST")
    await world.paid(shop, "ORDER0002")
    elsewhere = shop.refund("R1", "ORDER0002", 1900, 8800)
    assert (await shop.call("POST", PATH, elsewhere)).code == (400, "INVALID_REQUEST")
    await world.pass_seconds(10)
    assert (await shop.call("POST", PATH, asked)).json["status"] == "SUCCESS"
    assert await balance(world, shop) == 2 * (8800 - 53) - 1900 + (53 - 41)


async def test_parts_add_up_to_the_whole_and_no_further(world: World) -> None:
    shop = await world.shop()
    await world.paid(shop, fen=1000)
    numbers = []
    for part, fen in enumerate((333, 333, 334)):
        said = await shop.call("POST", PATH, shop.refund(f"P{part}", "ORDER0001", fen, 1000))
        numbers.append(said.json["amount"]["refund_fee"])
        await world.pass_seconds(60)
    assert sum(numbers) == 6  # the whole fee came back, however it was cut
    assert await balance(world, shop) == 0
    more = await shop.call("POST", PATH, shop.refund("P9", "ORDER0001", 1, 1000))
    assert more.code == (400, "INVALID_REQUEST")


async def test_two_parts_are_a_minute_apart(world: World) -> None:
    shop = await world.shop()
    await world.paid(shop)
    assert (await shop.call("POST", PATH, shop.refund("R1", "ORDER0001", 100, 8800))).status == 200
    await world.pass_seconds(59)
    hasty = shop.refund("R2", "ORDER0001", 100, 8800)
    assert (await shop.call("POST", PATH, hasty)).code == (429, "FREQUENCY_LIMITED")
    await world.pass_seconds(1)
    assert (await shop.call("POST", PATH, hasty)).status == 200


async def test_of_one_seconds_requests_a_hundred_and_fifty_are_taken(world: World) -> None:
    shop = await world.shop()
    await world.paid(shop)
    asked = shop.refund("R1", "ORDER0001", 100, 8800)
    assert {(await shop.call("POST", PATH, asked)).status for _ in range(150)} == {200}
    assert (await shop.call("POST", PATH, asked)).code == (429, "FREQUENCY_LIMITED")
    await world.pass_seconds(1)
    assert (await shop.call("POST", PATH, asked)).status == 200


async def test_fifty_parts_are_the_most(world: World) -> None:
    shop = await world.shop()
    await world.paid(shop)
    for part in range(50):
        assert (await shop.call("POST", PATH, shop.refund(f"R{part}", "ORDER0001", 1, 8800))).status == 200
        await world.pass_seconds(60)
    last = await shop.call("POST", PATH, shop.refund("R50", "ORDER0001", 1, 8800))
    assert last.code == (400, "INVALID_REQUEST")


async def test_a_year_is_the_longest(world: World) -> None:
    shop = await world.shop()
    await world.paid(shop)
    await world.pass_seconds(365 * 86400)
    assert (await shop.call("POST", PATH, shop.refund("R1", "ORDER0001", 100, 8800))).status == 200
    await world.pass_seconds(61)
    late = await shop.call("POST", PATH, shop.refund("R2", "ORDER0001", 100, 8800))
    assert late.code == (400, "TRADE_OVERDUE")


async def test_what_cannot_be_refunded(world: World) -> None:
    shop, other = await world.shop(), await world.shop()
    await world.person()
    await shop.call("POST", "/v3/pay/transactions/native", shop.order("UNPAID01"))
    unpaid = await shop.call("POST", PATH, shop.refund("R1", "UNPAID01", 100, 8800))
    assert unpaid.code == (404, "RESOURCE_NOT_EXISTS")
    unknown = await shop.call("POST", PATH, shop.refund("R1", "NOSUCH01", 100, 8800))
    assert unknown.code == (404, "RESOURCE_NOT_EXISTS")
    paid = await world.paid(shop)
    stranger = await other.call("POST", PATH, other.refund("R1", "ORDER0001", 100, 8800))
    assert stranger.code == (404, "RESOURCE_NOT_EXISTS")
    total = await shop.call("POST", PATH, shop.refund("R1", "ORDER0001", 100, 8000))
    assert total.code == (400, "INVALID_REQUEST")
    much = await shop.call("POST", PATH, shop.refund("R1", "ORDER0001", 8801, 8800))
    assert much.code == (400, "INVALID_REQUEST")
    nothing = shop.refund("R1", "ORDER0001", 100, 8800)
    del nothing["out_trade_no"]
    assert (await shop.call("POST", PATH, nothing)).code == (400, "PARAM_ERROR")
    crossed = shop.refund("R1", "OTHER001", 100, 8800, transaction_id=paid["transaction_id"])
    assert (await shop.call("POST", PATH, crossed)).code == (400, "INVALID_REQUEST")
    by_id = {**nothing, "transaction_id": paid["transaction_id"]}
    assert (await shop.call("POST", PATH, by_id)).status == 200
    assert (await shop.call("GET", f"{PATH}/R7")).code == (404, "RESOURCE_NOT_EXISTS")


async def test_an_empty_balance_cannot_refund(world: World) -> None:
    shop = await world.shop()
    await world.paid(shop)
    await world.hand("POST", f"/merchants/{shop.mchid}/withdrawals", {"fen": 8700})
    poor = await shop.call("POST", PATH, shop.refund("R1", "ORDER0001", 1900, 8800))
    assert poor.code == (403, "NOT_ENOUGH")
    assert await state(shop) == "SUCCESS"


async def test_a_stuck_refund_is_repaired_through_a_card(world: World) -> None:
    shop = await world.shop(refund_outcome="ABNORMAL")
    await world.paid(shop)
    said = await shop.call("POST", PATH, shop.refund("R1", "ORDER0001", 1900, 8800, notify_url=world.ear.url))
    refund_id = said.json["refund_id"]
    await world.pass_seconds(3)
    assert (await shop.call("GET", f"{PATH}/R1")).json["status"] == "ABNORMAL"
    path = f"{PATH}/{refund_id}/apply-abnormal-refund"
    repaired = await shop.call("POST", path, {"out_refund_no": "R1", "type": "MERCHANT_BANK_CARD"})
    assert repaired.json["status"] == "PROCESSING"
    await world.pass_seconds(60)
    assert (await shop.call("GET", f"{PATH}/R1")).json["status"] == "SUCCESS"
    told = [one["refund_status"] for one in world.ear.resources(shop.made) if "refund_status" in one]
    assert told == ["ABNORMAL", "SUCCESS"]
    again = await shop.call("POST", path, {"out_refund_no": "R1", "type": "MERCHANT_BANK_CARD"})
    assert again.code == (400, "INVALID_REQUEST")


async def test_a_closed_refund_gives_the_money_back_to_the_merchant(world: World) -> None:
    shop = await world.shop(refund_seconds=1e6)
    await world.paid(shop)
    before = await balance(world, shop)
    await shop.call("POST", PATH, shop.refund("R1", "ORDER0001", 1900, 8800, notify_url=world.ear.url))
    assert await balance(world, shop) < before
    await world.hand("POST", "/refunds/R1/ending", {"status": "CLOSED"})
    await world.settle()
    assert await balance(world, shop) == before
    assert await state(shop) == "SUCCESS"
    assert world.ear.resources(shop.made)[-1]["refund_status"] == "CLOSED"
    assert (await shop.call("POST", PATH, shop.refund("R1", "ORDER0001", 1900, 8800))).json["status"] == "CLOSED"
    await world.pass_seconds(60)
    fresh = await shop.call("POST", PATH, shop.refund("R2", "ORDER0001", 8800, 8800))
    assert fresh.json["status"] == "PROCESSING"
    assert await balance(world, shop) == 0


async def test_a_sub_merchants_refund_names_it(world: World) -> None:
    provider = await world.shop()
    sub = await world.hand("POST", "/merchants", {"partner": provider.mchid, "appids": ["wxsub"]})
    await world.person()
    order = provider.order() | {"sp_mchid": provider.mchid, "sub_mchid": sub["mchid"]}
    order["sp_appid"] = order["appid"]
    placed = await provider.call("POST", "/v3/pay/partner/transactions/native", order)
    bill = {"code_url": placed.json["code_url"], "password": "123456"}
    assert (await world.hand("POST", "/people/lily/pay", bill))["result"] == "ok"
    asked = provider.refund("R1", "ORDER0001", 100, 8800)
    assert (await provider.call("POST", PATH, asked)).code == (404, "RESOURCE_NOT_EXISTS")
    taken = await provider.call("POST", PATH, asked | {"sub_mchid": sub["mchid"], "notify_url": world.ear.url})
    assert taken.status == 200
    found = await provider.call("GET", f"{PATH}/R1?sub_mchid={sub['mchid']}")
    assert found.json["out_refund_no"] == "R1"
    await world.pass_seconds(3)
    notice = world.ear.resources(provider.made)[-1]
    assert (notice["sp_mchid"], notice["sub_mchid"]) == (provider.mchid, sub["mchid"])
    assert "mchid" not in notice
