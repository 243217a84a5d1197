"""A refund whose payer's account is gone goes to a bank card of his, of which nothing is kept."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from make.sharings import refund, refund_state
from make.tills import Shop, balances, open_shop
from tongshang.payments import mending
from tongshang.payments.mending import Card, NotStuck
from tongshang.platform.errors import Invalid
from weixin.errors import Unreachable


@pytest.fixture(params=[False, True], ids=["direct", "partner"])
async def shop(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    async with open_shop(database_url, tmp_path) as opened:
        await opened.open_account(partner=request.param)
        yield opened


async def test_a_stuck_refund_goes_to_a_card_of_the_payers(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    charge = await shop.sell(8_800)
    card = Card("ICBC_DEBIT", "6222 0202 0011 2233 445", "李小爱")
    await shop.sandbox.set_merchant(shop.made.get("sub_mchid") or shop.made["mchid"], refund_outcome="ABNORMAL")
    stuck = await refund(shop, charge, 1_900)
    with pytest.raises(NotStuck):
        await mending.mend(shop.world, shop.merchant, refund=stuck, card=card)
    await shop.wait(60, steps=3)
    assert await refund_state(shop, stuck) == "abnormal"
    for wrong in (replace(card, bank="MOON"), replace(card, account="12"), replace(card, name="")):
        with pytest.raises(Invalid):
            await mending.mend(shop.world, shop.merchant, refund=stuck, card=wrong)
    await shop.sandbox.fault("* /v3/refund/domestic/refunds/*/apply-abnormal-refund", "lost", times=1)
    with pytest.raises(Unreachable):
        await mending.mend(shop.world, shop.merchant, refund=stuck, card=card)
    await shop.wait(600, steps=4)
    assert await refund_state(shop, stuck) == "settled"  # it had arrived, and was found by asking
    assert await balances(shop) == {"cash_at_wechat": 8_800 - 1_900, "sales": -8_800, "refunds": 1_900}
    journal = str(await shop.sandbox.journal(limit=200))
    assert "apply-abnormal-refund" in journal
    assert "李小爱" not in journal + caplog.text
    assert "6222020200112233445" not in journal + caplog.text
