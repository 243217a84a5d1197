"""Bills of the simulated WeChat Pay: when they come, what stands in them byte for byte, and how they lie."""

import csv
import gzip
import hashlib
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest

from make.wxpay import HOST, Said, Shop, World, a_world

TRADE, FUND = "/v3/bill/tradebill", "/v3/bill/fundflowbill"
DAY = "2026-11-02"
# The clock stands at ten in the morning of DAY.
TO_NINE, TO_TEN = 23 * 3600 - 1, 24 * 3600
REFUND = "/v3/refund/domestic/refunds"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as opened_world:
        yield opened_world


async def download(shop: Shop, ticket: Said) -> bytes:
    """Fetch what a ticket points at, and hold it against its hash."""
    assert ticket.status == 200, ticket.body
    said = ticket.json
    assert said["hash_type"] == "SHA1"
    said_url = str(said["download_url"])
    target = said_url.split(HOST, 1)[1]
    assert said_url == f"{shop.box.url}/{HOST}{target}"
    answer = await shop.call("GET", target)
    assert answer.status == 200
    assert "Wechatpay-Signature" not in answer.headers
    body = gzip.decompress(answer.body) if answer.body[:2] == b"\x1f\x8b" else answer.body
    assert hashlib.sha1(body).hexdigest() == said["hash_value"]
    return body


def rows(body: bytes) -> list[dict[str, str]]:
    lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    return [dict(zip(lines[0], [cell.removeprefix("`") for cell in line], strict=True)) for line in lines[1:-2]]


async def a_day(world: World, shop: Shop) -> None:
    """Two payments, one of them partly refunded."""
    await world.paid(shop, "ORDER0001", 8800)
    await world.pass_seconds(60)
    await world.paid(shop, "ORDER0002", 100)
    await world.pass_seconds(60)
    said = await shop.call("POST", REFUND, shop.refund("R1", "ORDER0001", 1900, 8800, reason="缺货"))
    assert said.status == 200


async def test_a_bill_is_made_next_morning(world: World) -> None:
    shop = await world.shop()
    await a_day(world, shop)
    today = await shop.call("GET", f"{TRADE}?bill_date={DAY}")
    assert today.code == (400, "INVALID_REQUEST")
    await world.pass_seconds(TO_NINE - 120)
    for path in (TRADE, FUND):
        making = await shop.call("GET", f"{path}?bill_date={DAY}")
        assert making.code == (400, "STATEMENT_CREATING")
    await world.pass_seconds(3602)
    assert (await shop.call("GET", f"{TRADE}?bill_date={DAY}")).status == 200
    assert (await shop.call("GET", f"{TRADE}?bill_date=2026-11-01")).code == (400, "NO_STATEMENT_EXIST")
    assert (await shop.call("GET", f"{TRADE}?bill_date=2026-07-01")).code == (400, "INVALID_REQUEST")


async def test_the_trade_bill_byte_for_byte(world: World) -> None:
    shop = await world.shop()
    await a_day(world, shop)
    await world.pass_seconds(TO_TEN)
    body = await download(shop, await shop.call("GET", f"{TRADE}?bill_date={DAY}"))
    assert body.startswith(b"\xef\xbb\xbf")
    lines = body.decode("utf-8-sig").split("\r\n")
    assert lines[-1] == ""
    assert lines[0].startswith("交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号")
    first = rows(body)[0]
    number, openid = first["微信订单号"], first["用户标识"]
    assert lines[1] == (
        f"`2026-11-02 10:00:00,`wx00000000000000a1,`{shop.mchid},`0,`,`{number},`ORDER0001,`{openid},`JSAPI,`SUCCESS,"
        "`OTHERS,`CNY,`88.00,`0.00,`0,`0,`0.00,`0.00,`,`,`明前龙井,`,`0.53000,`0.60%,`88.00,`0.00,`"
    )
    refund = rows(body)[2]
    assert (refund["交易状态"], refund["退款金额"], refund["申请退款金额"]) == ("REFUND", "19.00", "19.00")
    assert (refund["商户退款单号"], refund["退款类型"], refund["退款状态"]) == ("R1", "ORIGINAL", "SUCCESS")
    assert (refund["应结订单金额"], refund["订单金额"], refund["手续费"]) == ("0.00", "0.00", "-0.12000")
    assert refund["微信订单号"] == number
    assert lines[-3] == "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
    assert lines[-2] == "`3.0,`89.0,`19.0,`0.0,`0.42,`89.0,`19.0"


async def test_the_success_and_refund_bills_show_their_half(world: World) -> None:
    shop = await world.shop()
    await a_day(world, shop)
    await world.pass_seconds(TO_TEN)
    sold = rows(await download(shop, await shop.call("GET", f"{TRADE}?bill_date={DAY}&bill_type=SUCCESS")))
    assert [row["商户订单号"] for row in sold] == ["ORDER0001", "ORDER0002"]
    assert "退款金额" not in sold[0]
    back = rows(await download(shop, await shop.call("GET", f"{TRADE}?bill_date={DAY}&bill_type=REFUND")))
    assert [(row["商户退款单号"], row["退款成功时间"]) for row in back] == [("R1", "2026-11-02 10:02:03")]


async def test_the_fund_flow_adds_up_to_the_balance(world: World) -> None:
    shop = await world.shop()
    await a_day(world, shop)
    await world.hand("POST", f"/merchants/{shop.mchid}/withdrawals", {"fen": 5000})
    await world.pass_seconds(TO_TEN)
    packed = await shop.call("GET", f"{FUND}?bill_date={DAY}&tar_type=GZIP")
    body = await download(shop, packed)
    flow = rows(body)
    assert [row["业务类型"] for row in flow] == ["交易", "扣除交易手续费", "交易", "扣除交易手续费", "退款", "提现"]
    running = 0.0
    for row in flow:
        running += float(row["收支金额(元)"]) * (1 if row["收支类型"] == "收入" else -1)
        assert row["账户结余(元)"] == f"{running:.2f}"
    made = await world.hand("GET", f"/merchants/{shop.mchid}")
    assert made["balance_fen"] == round(running * 100) == 8800 - 53 + 100 - 1 - 1900 + 12 - 5000
    assert body.decode().split("\r\n")[-2] == "`6.0,`2.0,`89.0,`4.0,`69.42"
    assert flow[4]["业务凭证号"] == "R1"


async def test_a_ticket_lives_five_minutes_and_is_its_merchants_own(world: World) -> None:
    shop, other = await world.shop(), await world.shop()
    await a_day(world, shop)
    await world.pass_seconds(TO_TEN)
    ticket = await shop.call("GET", f"{TRADE}?bill_date={DAY}&tar_type=GZIP")
    target = ticket.json["download_url"].split(HOST, 1)[1]
    assert (await other.call("GET", target)).code == (403, "NO_AUTH")
    assert (await shop.call("GET", "/v3/billdownload/file?token=x")).code == (400, "INVALID_REQUEST")
    await world.pass_seconds(299)
    assert gzip.decompress((await shop.call("GET", target)).body).startswith(b"\xef\xbb\xbf")
    await world.pass_seconds(1)
    assert (await shop.call("GET", target)).code == (400, "INVALID_REQUEST")


async def test_words_with_commas_and_lines_stay_in_their_cell(world: World) -> None:
    shop = await world.shop()
    await world.person()
    order = shop.order(attach="a,b\nc") | {"description": "茶, 一盒"}
    placed = await shop.call("POST", "/v3/pay/transactions/native", order)
    bill = {"code_url": placed.json["code_url"], "password": "123456"}
    await world.hand("POST", "/people/lily/pay", bill)
    await world.pass_seconds(TO_TEN + 3600)
    [row] = rows(await download(shop, await shop.call("GET", f"{TRADE}?bill_date={DAY}")))
    assert (row["商品名称"], row["商户数据包"]) == ("茶\\  一盒", "a\\ b\\nc")


async def lied(world: World, shop: Shop, effect: str, **data: Any) -> list[dict[str, str]]:
    rule = {"on": "bill:trade", "effect": effect, "appid": shop.mchid, "data": {"date": DAY, **data}}
    await world.hand("POST", "/faults", rule)
    found = rows(await download(shop, await shop.call("GET", f"{TRADE}?bill_date={DAY}")))
    await world.hand("DELETE", "/faults")
    return found


async def test_bills_lie_when_told_to(world: World) -> None:
    shop = await world.shop()
    await a_day(world, shop)
    await world.pass_seconds(TO_TEN)
    dropped = await lied(world, shop, "bill_drop", number="ORDER0002")
    assert [row["商户订单号"] for row in dropped] == ["ORDER0001", "ORDER0001"]
    doubled = await lied(world, shop, "bill_double", number="ORDER0002")
    assert [row["商户订单号"] for row in doubled].count("ORDER0002") == 2
    added = await lied(world, shop, "bill_add", number="GHOST001", fen=500)
    assert [row["订单金额"] for row in added if row["商户订单号"] == "GHOST001"] == ["5.00"]
    priced = await lied(world, shop, "bill_reprice", number="ORDER0002", fen=90)
    assert [row["订单金额"] for row in priced if row["商户订单号"] == "ORDER0002"] == ["0.90"]
    refund = await lied(world, shop, "bill_reprice", number="R1", fen=1800)
    assert [row["退款金额"] for row in refund if row["商户退款单号"] == "R1"] == ["18.00"]
    honest = rows(await download(shop, await shop.call("GET", f"{TRADE}?bill_date={DAY}")))
    assert [row["商户订单号"] for row in honest] == ["ORDER0001", "ORDER0002", "ORDER0001"]


async def test_a_providers_bill_is_filtered_by_sub_merchant(world: World) -> None:
    provider = await world.shop()
    subs = [await world.hand("POST", "/merchants", {"partner": provider.mchid}) for _ in range(2)]
    await world.person()
    for number, sub in enumerate(subs):
        order = provider.order(f"PARTNER{number}") | {"sp_mchid": provider.mchid, "sub_mchid": sub["mchid"]}
        order["sp_appid"] = order["appid"]
        placed = await provider.call("POST", "/v3/pay/partner/transactions/native", order)
        bill = {"code_url": placed.json["code_url"], "password": "123456"}
        assert (await world.hand("POST", "/people/lily/pay", bill))["result"] == "ok"
    await world.pass_seconds(TO_TEN + 3600)
    whole = rows(await download(provider, await provider.call("GET", f"{TRADE}?bill_date={DAY}")))
    assert [row["特约商户号"] for row in whole] == [sub["mchid"] for sub in subs]
    one = f"{TRADE}?bill_date={DAY}&sub_mchid={subs[0]['mchid']}"
    assert [row["商户订单号"] for row in rows(await download(provider, await provider.call("GET", one)))] == [
        "PARTNER0"
    ]
    assert (await provider.call("GET", f"{FUND}?bill_date={DAY}")).code == (400, "NO_STATEMENT_EXIST")
