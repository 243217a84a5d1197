"""What goods can be beyond a parcel: all of it round trips, bad input is named, customers see what concerns them."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from make import shops
from make.worlds import Browser
from tongshang.catalog import forms
from tongshang.catalog.forms import FormField, WrongAnswer
from tongshang.media import files
from tongshang.platform.world import World

FULL: dict[str, Any] = {
    "kind": "physical", "deduct": "paying", "tags": ["春茶", "新品"], "on_sale_from": "2026-11-20T02:00:00Z",
    "on_sale_until": "2026-12-20T02:00:00Z", "limit_order": 5, "limit_person": 3, "limit_days": 30,
    "freight_template_id": None, "terms": {},
    "form": [{"key": "size", "name": "尺码", "type": "select", "required": True, "options": ["大", "小"]}],
}  # fmt: skip
VARIANT = {"price_fen": 9_900, "market_price_fen": 12_000, "member_price_fen": 8_800, "cost_fen": 4_321,
           "stock": 9, "sku_code": "LJ-1", "barcode": "6901234567892", "weight_g": 250, "picture_id": None}  # fmt: skip


def asked(**more: Any) -> dict[str, Any]:
    return {"title": "明前龙井", **FULL, "variants": [{"id": str(uuid4()), "options": [], **VARIANT}], **more}


async def test_everything_about_goods_is_kept_and_customers_see_what_concerns_them(
    owner: Browser, world: World, merchant: UUID
) -> None:
    picture = await files.keep(world, merchant, data=shops.png(), name="tea.png")
    path, own = f"/api/console/products/{uuid4()}", picture.url.replace("750", "320")
    detail = f'<p onclick="x()">好茶<script>1</script></p><img src="{own}" alt="茶"><img src="https://x.cn/a.png">'
    body = asked(pictures=[str(picture.id)], state="on", detail=detail)
    status, made = await owner("PUT", path, body)
    assert status == 200, made
    assert {name: made[name] for name in FULL} == FULL | {"form": [FULL["form"][0]]}
    assert {name: made["variants"][0][name] for name in VARIANT} == VARIANT
    assert made["detail"] == f'<p>好茶</p><img src="{picture.url}" alt="茶">'
    status, shown = await owner("GET", path.replace("console", "store/tea"))
    assert (status, shown["limit_person"], shown["tags"], shown["form"]) == (200, 3, FULL["tags"], made["form"])
    assert (shown["on_sale_from"], shown["on_sale_until"]) == (FULL["on_sale_from"], FULL["on_sale_until"])
    assert shown["variants"][0]["member_price_fen"] == 8_800
    # Neither what it costs the merchant nor his codes are anywhere in what the store is told.
    told = json.dumps([shown, (await owner("GET", "/api/store/tea/products"))[1]], ensure_ascii=False)
    for secret in ("cost_fen", "4321", "LJ-1", "6901234567892"):
        assert secret not in told


async def test_whoever_edits_what_another_has_changed_is_told(owner: Browser, merchant: UUID) -> None:
    path, body = f"/api/console/products/{uuid4()}", asked()
    assert (await owner("PUT", path, body, headers={"if-match": '"0"'}))[0] == 200
    assert (await owner("PUT", path, body, headers={"if-match": '"1"'}))[1]["version"] == 2
    status, refused = await owner("PUT", path, body | {"title": "旧"}, headers={"if-match": '"1"'})
    assert (status, refused["code"]) == (409, "product.changed_meanwhile")
    assert (await owner("GET", path))[1]["title"] == "明前龙井"


def changed(**more: Any) -> dict[str, Any]:
    return {"variants": [{"id": str(uuid4()), "options": [], **VARIANT, **more}]}


FIELD = FULL["form"][0]
BAD: list[tuple[str, dict[str, Any]]] = [
    ("tags", {"tags": ["茶", "茶"]}), ("tags", {"tags": ["长" * 21]}), ("tags", {"tags": [" "]}),
    ("on_sale_until", {"on_sale_until": FULL["on_sale_from"]}),
    ("on_sale_from", {"on_sale_from": "2026-11-20T02:00:00"}),
    ("limit_order", {"limit_order": 0}), ("limit_person", {"limit_person": None}), ("limit_days", {"limit_days": 9999}),
    ("terms", {"terms": {"x": "y" * 30_000}}), ("form", {"form": [FIELD, FIELD]}),
    ("form.0.key", {"form": [FIELD | {"key": "尺"}]}), ("form.0.options", {"form": [FIELD | {"options": []}]}),
    ("form.0.name", {"form": [FIELD | {"name": ""}]}), ("variants.member_price_fen", changed(member_price_fen=9_901)),
    ("variants.cost_fen", changed(cost_fen=-1)), ("variants.weight_g", changed(weight_g=10_000_001)),
    ("variants.barcode", changed(barcode="a\nb")), ("variants.sku_code", changed(sku_code="x" * 41)),
    ("variants.market_price_fen", changed(market_price_fen=9_899)),
]  # fmt: skip


async def test_bad_input_is_named_field_by_field(owner: Browser, merchant: UUID) -> None:
    path = f"/api/console/products/{uuid4()}"
    for field, wrong in BAD:
        status, refused = await owner("PUT", path, asked(**wrong))
        assert (status, refused.get("field")) == (400, field), (wrong, refused)
    for wrong in ({"kind": "gift"}, {"deduct": "never"}, {"form": [FIELD | {"type": "file"}]}):
        assert (await owner("PUT", path, asked(**wrong)))[0] == 400
    assert (await owner("GET", path))[0] == 404


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [("text", " 王 ", "长" * 101), ("number", "-3.5", "三"), ("phone", "138-0000 0001", "call me"),
     ("date", "2026-12-01", "2026-13-01"), ("select", "大", "中"), ("many", ["小", "大"], ["中"]),
     ("many", ["大"], ["大", "大"]), ("text", "x", 7)],
)  # fmt: skip
def test_an_answer_to_an_order_form_will_do_or_is_refused(kind: Any, right: Any, wrong: Any) -> None:
    field = FormField("f", "问", kind, True, ["大", "小"] if kind in ("select", "many") else [])
    forms.check([field])
    assert forms.answered([field], {"f": right, "other": 1}) == {"f": right.strip() if kind == "text" else right}
    for answer in (wrong, "", None, {"a": 1}):
        with pytest.raises(WrongAnswer):
            forms.answered([field], {"f": answer})
