"""Paying: against the simulator over real HTTP, with notices that come, do not come, come twice, late or forged."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from make.tills import Shop, open_shop
from tongshang.payments import ledger
from tongshang.payments.model import ChargeState


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(database_url, tmp_path) as opened:
        await opened.open_account()
        yield opened


async def balances(shop: Shop) -> dict[str, int]:
    async with shop.world.tx(shop.merchant) as tx:
        trial = await ledger.trial_balance(tx)
    assert trial.agrees
    return {one.account: one.balance_fen for one in trial.balances if one.balance_fen}


async def test_a_notice_pays_the_charge_once(shop: Shop) -> None:
    charge = await shop.sell(8_800)
    assert charge.state is ChargeState.PAID
    assert charge.transaction_id
    paid = await shop.facts("charge.paid")
    assert [(f["amount_fen"], f["subject_id"]) for f in paid] == [(8_800, str(charge.subject_id))]
    assert await balances(shop) == {"cash_at_wechat": 8_800, "sales": -8_800}
    await shop.wait(3600)
    assert await shop.parked() == []
    assert len(await shop.facts("charge.paid")) == 1


async def test_a_lost_notice_is_made_up_for_by_asking(shop: Shop) -> None:
    await shop.sandbox.fault("callback:pay.*", "lose", times=1)
    charge = await shop.charge()
    await shop.pay(await shop.prepare(charge))
    await shop.settle()
    assert (await shop.look(charge)).state is ChargeState.OPEN
    await shop.wait(5)
    assert (await shop.look(charge)).state is ChargeState.PAID
    assert await balances(shop) == {"cash_at_wechat": 8_800, "sales": -8_800}


async def test_an_unpaid_charge_closes_at_wechat_before_it_says_so(shop: Shop) -> None:
    charge = await shop.charge(window=timedelta(minutes=15))
    bill = await shop.prepare(charge)
    await shop.wait(14 * 60, steps=10)
    assert (await shop.look(charge)).state is ChargeState.OPEN
    await shop.wait(120)
    assert (await shop.look(charge)).state is ChargeState.CLOSED
    assert [f["reason"] for f in await shop.facts("charge.closed")] == ["expired"]
    assert (await shop.pay(bill))["result"] == "fail"
    assert await shop.parked() == []
