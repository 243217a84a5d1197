"""Bills over real HTTP: asked for, fetched, checked, unpacked."""

import gzip
from datetime import date
from hashlib import sha1

import pytest

from make.wxkeys import PREFIX
from make.wxservers import PayScripted, Reply
from weixin.errors import BadMessage, PayError
from weixin.pay import PayClient
from weixin.products import pay

BILL = "\ufeff交易时间,交易状态\r\n`2026-11-21 10:00:00,`SUCCESS\r\n总交易单数\r\n`1.0\r\n".encode()


@pytest.mark.parametrize("packed", [False, True])
async def test_bills_are_fetched_with_a_signature_and_checked(
    client: PayClient, server: PayScripted, packed: bool
) -> None:
    link = {"hash_type": "SHA1", "hash_value": sha1(BILL).hexdigest()}
    link["download_url"] = server.url + "/v3/billdownload/file?token=6%2Fx&tartype=gzip"
    server.will(Reply(link), Reply(gzip.compress(BILL) if packed else BILL, sign="none"))
    found = await pay.trade_bill(client, day=date(2026, 11, 21), sub_mchid="1600", gzip=packed)
    assert "token" not in repr(found)
    data = await pay.download_bill(client, found)
    assert data == BILL
    assert len(pay.parse_trade_bill(data)[0]) == 1
    more = "&tar_type=GZIP" if packed else ""
    assert [asked.path.removeprefix(PREFIX) for asked in server.asked] == [
        "/v3/bill/tradebill?bill_date=2026-11-21&sub_mchid=1600&bill_type=ALL" + more,
        "/v3/billdownload/file?token=6%2Fx&tartype=gzip",
    ]


async def test_a_bill_that_was_changed_broken_or_blown_up_is_refused(client: PayClient, server: PayScripted) -> None:
    link = {"hash_value": sha1(BILL).hexdigest().upper(), "download_url": "https://api.mch.weixin.qq.com/v3/b?t=1"}
    server.will(Reply(link))
    found = await pay.fund_flow_bill(client, day=date(2026, 11, 21))
    assert server.asked[0].path.endswith("/v3/bill/fundflowbill?bill_date=2026-11-21&account_type=BASIC")
    server.will(Reply(BILL))
    assert await pay.download_bill(client, found) == BILL
    # Whatever host the link names, the signature only ever goes to ours.
    assert server.asked[-1].path == PREFIX + "/v3/b?t=1"
    bomb = gzip.compress(bytes(1_000_000))
    for body in (BILL.replace(b"SUCCESS", b"REFUND"), gzip.compress(BILL)[:-9], b"\x1f\x8brubbish", bomb):
        server.will(Reply(body))
        with pytest.raises(BadMessage):
            await pay.download_bill(client, found, limit_bytes=100_000)
    server.will(Reply({"code": "STATEMENT_CREATING", "message": "账单生成中"}, status=400))
    with pytest.raises(PayError, match="STATEMENT_CREATING"):
        await pay.trade_bill(client, day=date(2026, 11, 21))
    server.will(Reply({"hash_type": "SM3", "hash_value": "0", "download_url": "x"}))
    with pytest.raises(BadMessage, match="hash"):
        await pay.trade_bill(client, day=date(2026, 11, 21))


async def test_links_of_other_addresses_of_ours_lose_their_prefix(client: PayClient) -> None:
    assert client.own_path("http://localhost:1/api.mch.weixin.qq.com/v3/b?t=1") == "/v3/b?t=1"
    assert client.own_path("https://api2.mch.weixin.qq.com/v3/b?t=%2F") == "/v3/b?t=%2F"
