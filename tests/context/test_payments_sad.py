"""Sad paths of paying: twice, after closing, doubled, late, out of order, forged, stale, and well-signed lies."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from make.tills import Shop, balances, open_shop, seen, told
from tongshang.payments import charges, queries, refunds
from tongshang.payments.model import ChargeState
from wxsandbox.pay.notices import SUMMARIES
from wxsandbox.pay.rows import PayOrder

NEVER_HEARD = {"effect": "error", "code": "ORDER_NOT_EXIST"}


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(database_url, tmp_path) as opened:
        await opened.open_account()
        yield opened


async def wechat_forgets(shop: Shop) -> None:
    """Have WeChat say that it never heard of an order, which can still be paid all the same."""
    await shop.sandbox.fault("GET /v3/pay/transactions/out-trade-no/*", **NEVER_HEARD)
    await shop.sandbox.fault("POST /v3/pay/transactions/out-trade-no/*", **NEVER_HEARD)


async def notices(shop: Shop) -> list[tuple[str, str]]:
    rows = await shop.all("select state, problem from pay_notice where merchant_id = $1 order by received_at, id")
    return [(row["state"], row["problem"]) for row in rows]


async def test_paid_after_closing_goes_back_by_itself(shop: Shop) -> None:
    charge = await shop.charge(5_000, window=timedelta(minutes=20))
    bill = await shop.prepare(charge)
    await wechat_forgets(shop)
    async with shop.world.tx(shop.merchant) as tx:
        await charges.cancel(tx, charge=charge.id)
    await shop.settle()
    assert (await shop.look(charge)).state is ChargeState.CLOSED
    assert (await shop.pay(bill))["result"] == "ok"
    await shop.settle()
    assert [f["amount_fen"] for f in await shop.facts("charge.stray")] == [5_000]
    assert await balances(shop) == {"cash_at_wechat": 5_000, "refunds_payable": -5_000}
    await shop.wait(60, steps=4)
    settled = await shop.facts("refund.settled")
    assert [(f["origin"], f["amount_fen"]) for f in settled] == [("stray", 5_000)]
    assert await balances(shop) == {}
    assert (await shop.look(charge)).state is ChargeState.CLOSED
    assert await shop.facts("charge.paid") == []


async def test_paid_twice_keeps_the_first_and_returns_the_second(shop: Shop) -> None:
    charge = await shop.charge(5_000)
    first = await shop.prepare(charge)
    await wechat_forgets(shop)
    old = shop.made
    new = await shop.open_account()
    second = await shop.prepare(charge)
    assert (await shop.pay(second))["result"] == "ok"
    await shop.settle()
    assert (await shop.look(charge)).state is ChargeState.PAID
    assert (await shop.pay(first))["result"] == "ok"
    await shop.wait(60, steps=4)
    assert len(await shop.facts("charge.paid")) == 1
    assert len(await shop.facts("charge.stray")) == 1
    assert await balances(shop) == {"cash_at_wechat": 5_000, "sales": -5_000}
    balance = {made["mchid"]: (await shop.sandbox.call("GET", f"/merchants/{made['mchid']}")) for made in (old, new)}
    assert balance[old["mchid"]]["balance_fen"] == 0
    assert balance[new["mchid"]]["balance_fen"] > 4_900


async def test_the_overtaken_attempt_is_closed_when_the_older_one_pays(shop: Shop) -> None:
    charge = await shop.charge(5_000)
    first = await shop.prepare(charge)
    await wechat_forgets(shop)
    await shop.open_account()
    second = await shop.prepare(charge)
    await shop.sandbox.heal()
    assert (await shop.pay(first))["result"] == "ok"
    await shop.settle()
    assert (await shop.look(charge)).state is ChargeState.PAID
    assert (await shop.pay(second))["result"] == "fail"
    assert len(await shop.facts("charge.attempt_left")) == 1


async def test_a_doubled_notice_counts_once(shop: Shop) -> None:
    await shop.sandbox.fault("callback:pay.*", "repeat", count=3)
    await shop.sell(700)
    assert await notices(shop) == [("applied", "")]
    assert await balances(shop) == {"cash_at_wechat": 700, "sales": -700}


async def test_a_late_notice_finds_the_work_done(shop: Shop) -> None:
    await shop.sandbox.fault("callback:pay.*", "delay", seconds=3 * 3600)
    charge = await shop.charge(700)
    await shop.pay(await shop.prepare(charge))
    await shop.wait(6)
    assert (await shop.look(charge)).state is ChargeState.PAID
    await shop.wait(3 * 3600)
    assert await notices(shop) == [("applied", "")]
    assert len(await shop.facts("charge.paid")) == 1


async def test_a_refunds_notice_may_overtake_the_payments(shop: Shop) -> None:
    await shop.sandbox.fault("callback:pay.TRANSACTION*", "delay", seconds=600, times=1)
    charge = await shop.charge(700)
    await shop.pay(await shop.prepare(charge))
    await shop.wait(10)
    async with shop.world.tx(shop.merchant) as tx:
        await refunds.request(tx, refund_id=shop.id(), subject=charge.subject_id, amount=300, reason="少了一包")
    await shop.wait(900, steps=3)
    assert await balances(shop) == {"cash_at_wechat": 400, "refunds": 300, "sales": -700}
    assert [state for state, _ in await notices(shop)] == ["applied", "applied"]


async def test_a_forged_notice_is_refused_and_counted(shop: Shop) -> None:
    await shop.sandbox.fault("callback:pay.*", "forge", times=1)
    charge = await shop.charge(700)
    await shop.pay(await shop.prepare(charge))
    await shop.box.scheduler.settle()
    assert (await shop.look(charge)).state is ChargeState.OPEN
    rows = await shop.all("select why, times from pay_notice_refused where merchant_id = $1")
    assert rows == [{"why": "signature", "times": 1}]
    async with shop.world.tx(shop.merchant) as tx:
        assert [(one.why, one.times) for one in await queries.refused_notices(tx)] == [("signature", 1)]
    await shop.wait(20)
    assert (await shop.look(charge)).state is ChargeState.PAID


async def test_a_replayed_notice_is_stale(shop: Shop) -> None:
    await shop.sell(700)
    (heard,) = await shop.sandbox.journal(kind="callback", limit=1)
    await shop.wait(301)
    await shop.sandbox.call("POST", f"/journal/{heard['id']}/replay")
    await shop.box.scheduler.settle()
    rows = await shop.all("select why, times from pay_notice_refused where merchant_id = $1")
    assert rows == [{"why": "stale", "times": 1}]


async def post(shop: Shop, body: Any, headers: dict[str, str], *, merchant: str = "") -> int:
    path = f"/wechat/pay/{merchant or shop.merchant.hex}/notice"
    async with (
        aiohttp.ClientSession() as http,
        http.post(shop.url + path, data=body, headers=headers) as answer,
    ):
        return answer.status


async def test_strangers_learn_nothing(shop: Shop) -> None:
    assert await post(shop, b"{}", {}) == 401
    assert await post(shop, b"{}", {}, merchant="0" * 32) == 404
    assert await post(shop, b"{}", {}, merchant="nonsense") == 404
    assert await post(shop, b"{}", {}, merchant="z" * 32) == 404
    assert await post(shop, b"x" * 300_000, {}) == 413


LIES: list[tuple[dict[str, Any], str]] = [
    ({"amount": {"total": 1, "currency": "CNY"}}, "total_fen: 700 expected, 1 told"),
    ({"amount": {"total": 700, "currency": "USD"}}, "currency: CNY expected, USD told"),
    ({"mchid": "1900000001"}, "told"),
    ({"appid": "wxother"}, "appid"),
    ({"sub_mchid": "1900000001"}, "sub_mchid"),
    ({"transaction_id": None}, "transaction_id: missing"),
    ({"out_trade_no": "f" * 32}, "out_trade_no: unknown"),
    ({"out_trade_no": "somebody-elses"}, "out_trade_no: unknown"),
]


@pytest.mark.parametrize(("lie", "problem"), LIES, ids=[problem for _, problem in LIES])
async def test_a_well_signed_lie_is_parked_and_pays_nothing(shop: Shop, lie: dict[str, Any], problem: str) -> None:
    await shop.sandbox.fault("callback:pay.*", "lose", times=1)
    charge = await shop.charge(700)
    await shop.pay(await shop.prepare(charge))
    async with shop.world.tx(shop.merchant) as tx:
        (attempt,) = await charges.attempts(tx, charge=charge.id)
    told(shop, {**await seen(shop, attempt.number), **lie})
    await shop.box.scheduler.settle()
    assert (await shop.look(charge)).state is ChargeState.OPEN
    ((state, why),) = await notices(shop)
    assert state == "suspicious"
    assert problem in why
    assert [f["problem"] for f in await shop.facts("pay.suspicious")] == [why]
    assert await balances(shop) == {}
    await shop.wait(5)
    assert (await shop.look(charge)).state is ChargeState.PAID


async def test_another_transaction_for_the_same_number_is_suspicious(shop: Shop) -> None:
    charge = await shop.sell(700)
    assert charge.paid_attempt_id is not None
    told(shop, {**await seen(shop, charge.paid_attempt_id.hex), "transaction_id": "4200000000000000000000009999"})
    await shop.box.scheduler.settle()
    assert sorted(state for state, _ in await notices(shop)) == ["applied", "suspicious"]


async def test_a_notice_of_a_kind_we_do_not_know_is_kept_and_ignored(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    charge = await shop.sell(700)
    assert charge.paid_attempt_id is not None
    resource = await seen(shop, charge.paid_attempt_id.hex)
    monkeypatch.setitem(SUMMARIES, "TRANSACTION.FAIL", "支付失败")
    told(shop, resource, event="TRANSACTION.FAIL")
    await shop.box.scheduler.settle()
    assert sorted(state for state, _ in await notices(shop)) == ["applied", "ignored"]


async def test_an_answer_that_lies_is_parked_too(shop: Shop) -> None:
    await shop.sandbox.fault("callback:pay.*", "lose", times=1)
    charge = await shop.charge(700)
    await shop.pay(await shop.prepare(charge))
    rows = shop.box.table(PayOrder)
    (row,) = list(rows)
    row.total_fen = 1
    rows.put(row)
    await shop.wait(60, steps=3)
    assert (await shop.look(charge)).state is ChargeState.OPEN
    assert [why for _, why in await notices(shop)] == ["total_fen: 700 expected, 1 told"]
    assert len(await shop.facts("pay.suspicious")) == 1


async def test_signature_probes_are_survived(shop: Shop) -> None:
    await shop.sandbox.fault("callback:pay.*", "signtest")
    await shop.sandbox.fault("* /v3/*", "signtest")
    charge = await shop.sell(700)
    await shop.wait(30, steps=2)
    assert (await shop.look(charge)).state is ChargeState.PAID
