"""What a presale asks for when it is written down; nonsense is refused with its field."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from make.shops import png
from make.worlds import Browser
from tongshang.media import files
from tongshang.platform.world import World

TERMS = {
    "deposit_fen": 1_000,
    "balance_from": "2026-12-01T00:00:00+08:00",
    "balance_until": "2026-12-03T00:00:00+08:00",
    "ships_by": "2026-12-20",
}
WRONG: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"deposit_fen": 0}, {}, "terms.presale.deposit_fen"),
    ({"deposit_fen": 9_900}, {}, "terms.presale.deposit_fen"),  # nothing would be left to pay
    ({"balance_until": "2026-12-01T00:00:00+08:00"}, {}, "terms.presale.balance_until"),
    ({"balance_until": "2026-12-08T00:00:01+08:00"}, {}, "terms.presale.balance_until"),
    ({"balance_until": "2026-12-03T00:00:00"}, {}, "terms.presale.balance_until"),  # of which clock?
    ({"ships_by": "2026-11-30"}, {}, "terms.presale.ships_by"),
    ({"balance_from": "9999-12-31T20:00:00Z", "balance_until": "9999-12-31T23:00:00Z"}, {}, "terms.presale.ships_by"),
    ({}, {"kind": "ticket", "terms": {"until_day": "9999-12-31"}}, "terms.until_day"),  # no day comes after it
    ({}, {"on_sale_until": "9999-12-31T20:00:00Z"}, "on_sale_until"),
    ({"surprise": 1}, {}, "terms"),
    ({}, {"deduct": "paying"}, "deduct"),
]


@pytest.mark.parametrize(("terms", "more", "field"), [({}, {}, ""), *WRONG])
async def test_terms_that_nobody_could_keep_are_refused(
    world: World, merchant: UUID, browser: Browser, terms: dict[str, Any], more: dict[str, Any], field: str
) -> None:
    await browser.log_in("owner@tea")
    picture = await files.keep(world, merchant, data=png(), name="tea.png")
    body = {"title": "头采", "pictures": [str(picture.id)], "state": "on", "terms": {"presale": TERMS | terms},
            "variants": [{"id": str(uuid4()), "price_fen": 9_900, "stock": 5}]}  # fmt: skip
    product = str(uuid4())
    status, answer = await browser("PUT", f"/api/console/products/{product}", body | more)
    assert (status, answer.get("field", "")) == ((400, field) if field else (200, ""))
    if not field:  # nor does a price fall below the deposit among many others
        change = {"ids": [product], "change": {"do": "price", "percent": -90}, "rehearse": True}
        _, told = await browser("POST", "/api/console/products/changes", change)
        assert [one["code"] for one in told["outcomes"]] == ["goods.below_deposit"]
