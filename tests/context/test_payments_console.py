"""Pay accounts in every mode, their keys and certificates, and what the console shows of money."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from make.tills import APPID, Shop, balances, open_shop
from make.worlds import Browser
from tongshang.payments import accounts, queries, refunds
from tongshang.payments.accounts import BadKey, NoPayAccount, NotReady
from tongshang.payments.model import ChargeState
from tongshang.platform.db import Tx
from tongshang.platform.work import Worker


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def owner(shop: Shop) -> AsyncIterator[Browser]:
    browser = Browser(shop.url)
    await browser.log_in("owner@tea")
    yield browser
    await browser.close()


@pytest.mark.parametrize("mode", ["certificate", "both"])
async def test_certificates_are_fetched_when_they_are_needed(shop: Shop, mode: str) -> None:
    await shop.open_account(mode=mode)
    await shop.sandbox.call("PUT", f"/merchants/{shop.made['mchid']}", {"public_key_share": 0.0})
    charge = await shop.sell(700)
    await shop.wait(60, steps=3)
    assert (await shop.look(charge)).state is ChargeState.PAID


async def test_a_new_certificate_is_learnt_from_the_notice_it_signed(shop: Shop) -> None:
    await shop.open_account(mode="certificate")
    charge = await shop.charge(700)
    bill = await shop.prepare(charge)
    await shop.wait(2)
    await shop.sandbox.call("POST", f"/merchants/{shop.made['mchid']}/certificates")
    await shop.pay(bill)
    await shop.box.scheduler.settle()
    assert (await shop.look(charge)).state is ChargeState.PAID
    (row,) = await shop.all("select certificates from pay_account where merchant_id = $1")
    assert len(row["certificates"]) == 2


async def test_an_unknown_serial_is_asked_for_once_a_minute_only(shop: Shop) -> None:
    await shop.open_account(mode="certificate")
    headers = {
        "Wechatpay-Serial": "F" * 40,
        "Wechatpay-Signature": "AAAA",
        "Wechatpay-Nonce": "n",
        "Wechatpay-Timestamp": str(shop.box.clock.seconds()),
    }
    browser = Browser(shop.url)
    for _ in range(3):
        status, _ = await browser("POST", f"/wechat/pay/{shop.merchant.hex}/notice", headers=headers, data=b"{}")
        assert status == 401
    await browser.close()
    calls = await shop.sandbox.journal(name="GET /v3/certificates")
    assert len([one for one in calls if one["kind"] == "call"]) <= 1
    rows = await shop.all(
        "select why, sum(times)::int as times from pay_notice_refused where merchant_id = $1 group by why"
    )
    assert sum(row["times"] for row in rows) == 3


async def test_certificates_are_renewed_before_they_are_half_a_day_old(shop: Shop) -> None:
    await shop.open_account(mode="certificate")
    await Worker(shop.world, name="renewer").duties()
    await shop.settle()
    (row,) = await shop.all("select certificates, certificates_at from pay_account where merchant_id = $1")
    assert len(row["certificates"]) == 1
    # What another process would do: read what was kept.
    shop.world.shelf.pop(accounts.SHELF)
    async with shop.world.tx(shop.merchant) as tx:
        till = await accounts.till(tx)
    assert [c.serial for c in till.client.keys.certificates] == [c["serial"] for c in row["certificates"]]


async def test_a_service_provider_takes_and_returns_money_for_its_merchant(shop: Shop) -> None:
    await shop.open_account(partner=True)
    charge = await shop.sell(8_800)
    async with shop.world.tx(shop.merchant) as tx:
        await refunds.request(tx, refund_id=shop.id(), subject=charge.subject_id, amount=800, reason="少了")
    await shop.wait(60, steps=3)
    assert await balances(shop) == {"cash_at_wechat": 8_000, "refunds": 800, "sales": -8_800}
    late = await shop.charge(500, window=timedelta(minutes=5))
    await shop.prepare(late)
    await shop.wait(400, steps=2)
    assert (await shop.look(late)).state is ChargeState.CLOSED
    assert await shop.parked() == []


async def test_without_an_account_nothing_is_prepared(shop: Shop) -> None:
    charge = await shop.charge()
    with pytest.raises(NoPayAccount):
        await shop.prepare(charge)
    async with shop.world.tx(shop.merchant) as tx:
        with pytest.raises(NoPayAccount):
            await accounts.save_keys(tx, apiv3_key="k" * 32)
    await shop.open_account()
    async with shop.world.tx(shop.merchant) as tx:
        await tx.run("update pay_account set apiv3_key_sealed = null where merchant_id = $1", tx.merchant)
    with pytest.raises(NotReady) as refused:
        await shop.prepare(charge)
    assert refused.value.params["missing"] == "apiv3_key"


async def test_the_console_sets_an_account_up_and_never_reads_a_key_back(shop: Shop, owner: Browser) -> None:
    assert (await owner("GET", "/api/console/pay-account"))[0] == 409
    made = await shop.sandbox.call("POST", "/merchants", {"appids": [APPID]})
    numbers: dict[str, Any] = {"mode": "direct", "mchid": made["mchid"], "appid": APPID}
    status, said = await owner("PUT", "/api/console/pay-account", numbers)
    assert (status, said["missing"]) == (200, ["serial", "private_key", "apiv3_key"])
    assert (await owner("POST", "/api/console/pay-account/test"))[1]["code"] == "pay_account.not_ready"
    keys = {
        "private_key_pem": made["private_pem"],
        "certificate_pem": made["certificate_pem"],
        "apiv3_key": made["apiv3_key"],
        "public_key_pem": made["platform_public_pem"],
    }
    status, said = await owner("PUT", "/api/console/pay-account/keys", keys)
    assert (status, said["missing"]) == (200, ["public_key_id"])
    status, said = await owner("PUT", "/api/console/pay-account/keys", {"public_key_id": made["public_key_id"]})
    assert (status, said["missing"], said["serial"]) == (200, [], made["serial"])
    _, shown = await owner("GET", "/api/console/pay-account")
    assert shown["private_key_print"]
    assert not any(made[name] in str(shown) for name in ("private_pem", "apiv3_key"))
    rows = await shop.all("select * from pay_account where merchant_id = $1")
    assert made["apiv3_key"] not in str(rows)
    assert "PRIVATE KEY" not in str(rows)


@pytest.mark.parametrize(
    "change",
    [
        {"mchid": "abc"},
        {"mchid": ""},
        {"appid": "wx 1"},
        {"serial": "nothex"},
        {"public_key_id": "PUB"},
        {"sub_mchid": "1900000002"},
        {"mode": "partner"},
        {"fee_per_myriad": 2000},
        {"mode": "barter"},
        {"more": 1},
    ],
)
async def test_numbers_of_the_wrong_form_are_refused(shop: Shop, owner: Browser, change: dict[str, Any]) -> None:
    numbers = {"mode": "direct", "mchid": "1900000001", "appid": APPID, **change}
    status, said = await owner("PUT", "/api/console/pay-account", numbers)
    assert (status, said["code"]) == (400, "invalid")


async def test_keys_that_are_none_are_refused(shop: Shop, owner: Browser) -> None:
    made = await shop.open_account()
    for keys in (
        {"private_key_pem": "nonsense"},
        {"private_key_pem": made["platform_public_pem"]},
        {"certificate_pem": made["private_pem"]},
        {"public_key_pem": "x"},
        {"apiv3_key": "too short"},
    ):
        status, said = await owner("PUT", "/api/console/pay-account/keys", keys)
        assert (status, said["code"]) == (BadKey.status, BadKey.code)
    assert (await owner("PUT", "/api/console/pay-account/keys", {"public_key_id": "PUB"}))[0] == 400


async def test_one_fen_goes_there_and_back(shop: Shop, owner: Browser) -> None:
    await shop.open_account()
    await shop.person("lily")
    status, test = await owner("POST", "/api/console/pay-account/test")
    assert (status, test["state"]) == (201, "waiting")
    assert test["qr_svg"].startswith("<svg")
    assert [s["state"] for s in test["steps"]] == ["done", "waiting", "waiting", "waiting"]
    # Under WeChat's wallet one fen has no fee; the merchant needs it in the account to give it back.
    said = await shop.sandbox.call("POST", "/people/lily/pay", {"code_url": test["code_url"], "password": "123456"})
    assert said["result"] == "ok"
    await shop.wait(30, steps=3)
    path = f"/api/console/pay-account/test/{test['id']}"
    _, done = await owner("GET", path)
    assert (done["state"], {s["state"] for s in done["steps"]}) == ("done", {"done"})
    assert await balances(shop) == {}
    assert await shop.facts("charge.paid") == []
    _, other = await owner("POST", "/api/console/pay-account/test")
    await shop.wait(700, steps=3)
    assert (await owner("GET", f"/api/console/pay-account/test/{other['id']}"))[1]["state"] == "failed"
    charge = await shop.charge()
    assert (await owner("GET", f"/api/console/pay-account/test/{charge.id}"))[0] == 404


async def test_the_console_lists_refunds_with_the_names_of_their_orders(shop: Shop, owner: Browser) -> None:
    async def name(tx: Tx, subjects: Any) -> dict[Any, queries.Named]:
        return {subject: queries.Named(subject, f"No. {subject.hex[:4]}") for subject in subjects}

    shop.world.fill(queries.SUBJECT_NAMES, [name])
    await shop.open_account()
    charge = await shop.sell(1_000)
    for _ in range(3):
        async with shop.world.tx(shop.merchant) as tx:
            await refunds.request(tx, refund_id=shop.id(), subject=charge.subject_id, amount=100, reason="少了")
        await shop.wait(63, steps=2)
    fault = await shop.sandbox.fault("POST /v3/refund/*", "error", code="USER_ACCOUNT_ABNORMAL")
    async with shop.world.tx(shop.merchant) as tx:
        closed = await refunds.request(tx, refund_id=shop.id(), subject=charge.subject_id, amount=100, reason="少了")
    await shop.wait(63, steps=2)
    _, first = await owner("GET", "/api/console/refunds?limit=3")
    assert first["counts"] == {"settled": 3, "closed": 1}
    assert first["items"][0]["order_number"] == f"No. {charge.subject_id.hex[:4]}"
    _, rest = await owner("GET", f"/api/console/refunds?limit=3&after={first['next']}")
    assert len(first["items"]) == 3
    assert len(rest["items"]) == 1
    _, only = await owner("GET", "/api/console/refunds?state=closed")
    assert [one["problem"].split()[0] for one in only["items"]] == ["USER_ACCOUNT_ABNORMAL"]
    await shop.sandbox.heal(fault)
    status, again = await owner("PUT", f"/api/console/refunds/{closed.id}/repetition")
    assert (status, again["tries"], again["state"]) == (200, 2, "requested")
    assert (await owner("PUT", f"/api/console/refunds/{closed.id}/repetition"))[0] == 409
    async with shop.world.tx(shop.merchant) as tx:
        assert (await queries.troubles(tx)).refunds_stuck == 0


async def test_the_console_shows_the_books(shop: Shop, owner: Browser) -> None:
    await shop.open_account()
    for fen in (100, 200, 300):
        await shop.sell(fen)
        await shop.wait(1)
    _, shown = await owner("GET", "/api/console/ledger/balances")
    assert shown["agrees"] is True
    assert {one["account"]: one["balance_fen"] for one in shown["items"] if one["balance_fen"]} == {
        "cash_at_wechat": 600, "sales": -600,
    }  # fmt: skip
    _, page = await owner("GET", "/api/console/ledger/postings?limit=2&account=sales")
    assert [one["amount_fen"] for one in page["items"]] == [300, 200]
    _, rest = await owner("GET", f"/api/console/ledger/postings?limit=2&after={page['next']}")
    assert [one["amount_fen"] for one in rest["items"]] == [100]
    assert (await owner("GET", "/api/console/ledger/postings?from=2026-11-21"))[1]["items"] == []
    assert (await owner("GET", "/api/console/ledger/postings?account=gold"))[0] == 400
    assert (await owner("GET", "/api/console/pay-account/suspicious"))[1] == []


async def test_the_console_reconciles(shop: Shop, owner: Browser) -> None:
    await shop.open_account()
    assert (await owner("GET", "/api/console/reconciliation"))[1]["items"] == []
    charge = await shop.sell(8_800)
    assert charge.paid_attempt_id is not None
    number = charge.paid_attempt_id.hex
    await shop.sandbox.fault("bill:trade", "bill_drop", data={"date": "2026-11-20", "number": number})
    assert (await owner("POST", "/api/console/reconciliation/2026-11-20/run"))[1]["code"] == "bill.not_over"
    assert (await owner("GET", "/api/console/reconciliation/2026-11-20"))[0] == 404
    await shop.wait(86_400)
    assert (await owner("GET", "/api/console/reconciliation/2026-11-20"))[1]["state"] == "waiting"
    status, asked = await owner("POST", "/api/console/reconciliation/2026-11-20/run")
    assert (status, asked["state"]) == (202, "waiting")
    await shop.settle()
    _, report = await owner("GET", "/api/console/reconciliation/2026-11-20")
    assert report["state"] == "differences"
    (one,) = report["differences"]
    assert (one["kind"], one["ours"]["out_trade_no"], one["theirs"]) == ("missing_there", number, None)
    path = f"/api/console/reconciliation/2026-11-20/differences/{one['id']}/resolution"
    assert (await owner("PUT", path, {"action": "explained", "note": ""}))[0] == 400
    status, done = await owner("PUT", path, {"action": "explained", "note": "微信次日补出"})
    assert (status, done["resolution"], done["state"]) == (200, "explained", "resolved")
    _, month = await owner("GET", "/api/console/reconciliation?month=2026-11")
    assert [(d["date"], d["state"]) for d in month["items"]] == [("2026-11-20", "agreed")]
    assert (await owner("GET", "/api/console/reconciliation?month=2026-13"))[0] == 400
    audit = await shop.all("select action from audit where merchant_id = $1")
    assert {"run_reconciliation", "resolve_difference"} <= {row["action"] for row in audit}


async def test_a_merchant_without_certificates_is_not_asked_after_every_hour(shop: Shop) -> None:
    made = await shop.open_account()
    async with shop.world.tx(shop.merchant) as tx:
        await tx.run(
            "update pay_account set public_key_id = '', public_key_pem = '' where merchant_id = $1", tx.merchant
        )
    for _ in range(3):
        shop.world.shelf.pop("duties", None)
        await Worker(shop.world, name="renewer").duties()
        await shop.wait(3700)
    assert len(await shop.facts("pay.certificates_due")) == 1
    assert await shop.parked() == []
    assert made["public_key_id"]


async def test_the_agreed_fee_stays_until_another_is_given(shop: Shop, owner: Browser) -> None:
    made = await shop.open_account()
    numbers = {"mode": "direct", "mchid": made["mchid"], "appid": APPID, "public_key_id": made["public_key_id"]}
    for given, kept in (({"fee_per_myriad": 38}, 38), ({}, 38), ({"fee_per_myriad": 0}, 0)):
        _, said = await owner("PUT", "/api/console/pay-account", {**numbers, **given})
        assert (said["fee_per_myriad"], said["missing"]) == (kept, [])
