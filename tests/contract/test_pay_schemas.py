"""The simulator's own request types against a community transcription of WeChat Pay's schemas.

The file is read where it lies, beside the repository, and is no part of it. Where the project's contract says
otherwise than the transcription, the difference and its reason stand in the table below.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from wxsandbox.pay import types, types_ways

FILE = Path(__file__).parents[3] / "shared" / "contracts" / "pay-openapi-subset.json"
ORDERS, PARTNER = "POST /v3/pay/transactions", "POST /v3/pay/partner/transactions"
CLOSE = "out-trade-no/{out_trade_no}/close"
REVERSE = "out-trade-no/{out_trade_no}/reverse"
REFUNDS = "POST /v3/refund/domestic/refunds"
ENDPOINTS: dict[str, type[Any]] = {
    f"{ORDERS}/jsapi": types.JsapiOrder,
    f"{ORDERS}/native": types.NativeOrder,
    f"{ORDERS}/{CLOSE}": types.CloseOrder,
    f"{PARTNER}/jsapi": types.PartnerJsapiOrder,
    f"{PARTNER}/native": types.PartnerNativeOrder,
    f"{PARTNER}/{CLOSE}": types.PartnerCloseOrder,
    f"{ORDERS}/h5": types_ways.H5Order,
    f"{PARTNER}/h5": types_ways.PartnerH5Order,
    f"{ORDERS}/codepay": types_ways.CodeOrder,
    f"{PARTNER}/codepay": types_ways.PartnerCodeOrder,
    f"{ORDERS}/{REVERSE}": types_ways.ReverseOrder,
    f"{PARTNER}/{REVERSE}": types_ways.PartnerReverseOrder,
    REFUNDS: types.RefundOrder,
    f"{REFUNDS}/{{refund_id}}/apply-abnormal-refund": types.AbnormalRefund,
}
# What differs, by the end of endpoint and place, and why.
STORE = "the contract asks for store_info.id and leaves the rest optional; the transcription has it the other way"
INSTALMENTS = "subsidies of instalments are a product of their own, which the contract does not describe"
FREE = "the contract lists the values; the transcription leaves them free"
DIFFERENT: dict[str, str] = {
    "/scene_info/store_info/id required": STORE,
    "/scene_info/store_info/name required": STORE,
    "/scene_info/store_info/area_code required": STORE,
    "/scene_info/store_info/address required": STORE,
    "/payer/sp_openid required": "the contract: one of sp_openid and sub_openid; a rule, not a type, asks for it",
    "/subsidy_info missing": INSTALMENTS,
    "/payer missing": "a native order has no payer in the contract",
    "/amount/currency enum": FREE,
    "/funds_account enum": FREE,
    "/amount/from/[]/account enum": FREE,
    "/bank_type enum": "fifteen banks, which the contract abbreviates; a length stands for them",
}
NUMBERS = "the transcription writes code pay's integers as numbers"
DIFFERENT |= {
    "/scene_info/payer_client_ip required": "the contract: an H5 order must say whose browser it is",
    "/scene_info/h5_info required": "the contract: an H5 order must say whose browser it is",
    "/scene_info/h5_info/type required": "the contract: an H5 order must say whose browser it is",
    "/scene_info/h5_info/type enum": FREE,
    "/amount/total type": NUMBERS,
    "/detail/cost_price type": NUMBERS,
    "/detail/goods_detail/[]/quantity type": NUMBERS,
    "/detail/goods_detail/[]/unit_price type": NUMBERS,
}
# The lengths that contract.B1 and B2 print, for the transcription has none.
LENGTHS: dict[str, tuple[int | None, int]] = {
    "appid": (1, 32),
    "mchid": (1, 32),
    "description": (1, 127),
    "out_trade_no": (6, 32),
    "time_expire": (None, 64),
    "attach": (None, 128),
    "notify_url": (1, 255),
    "goods_tag": (None, 32),
    "payer/openid": (1, 128),
    "detail/invoice_id": (None, 32),
    "detail/goods_detail/[]/merchant_goods_id": (1, 32),
    "detail/goods_detail/[]/wechatpay_goods_id": (None, 32),
    "detail/goods_detail/[]/goods_name": (None, 256),
    "scene_info/payer_client_ip": (None, 45),
    "scene_info/device_id": (None, 32),
    "scene_info/store_info/id": (1, 32),
    "scene_info/store_info/name": (None, 256),
    "scene_info/store_info/area_code": (None, 32),
    "scene_info/store_info/address": (None, 512),
}
REFUND_LENGTHS: dict[str, tuple[int | None, int]] = {
    "transaction_id": (1, 32),
    "out_trade_no": (6, 32),
    "out_refund_no": (1, 64),
    "reason": (None, 80),
    "notify_url": (1, 255),
}


def published() -> dict[str, Any]:
    if not FILE.exists():
        pytest.skip("the transcription of WeChat Pay's schemas is not here: types were not compared with it")
    endpoints: dict[str, Any] = json.loads(FILE.read_text())["endpoints"]
    return endpoints


def ours(kind: type[Any]) -> dict[str, Any]:
    """Write one of our types as JSON schema with every reference resolved."""
    (schema,), parts = msgspec.json.schema_components([kind])

    def resolve(node: Any) -> Any:
        if isinstance(node, list):
            return [resolve(one) for one in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return resolve(parts[node["$ref"].rsplit("/", 1)[-1]])
        return {name: resolve(value) for name, value in node.items()}

    resolved: dict[str, Any] = resolve(schema)
    return resolved


def differences(ours: dict[str, Any], theirs: dict[str, Any], place: str = "") -> set[str]:
    """Name what differs between two schemas: missing and required fields, types, enums, lengths."""
    found: set[str] = set()
    mine, published = ours.get("properties", {}), theirs.get("properties", {})
    found |= {f"{place}/{name} missing" for name in published.keys() - mine.keys()}
    found |= {f"{place}/{name} unknown" for name in mine.keys() - published.keys()}
    required = set(ours.get("required", [])) ^ set(theirs.get("required", []))
    found |= {f"{place}/{name} required" for name in required}
    for name in mine.keys() & published.keys():
        found |= differences(mine[name], published[name], f"{place}/{name}")
    if "items" in ours and "items" in theirs:
        found |= differences(ours["items"], theirs["items"], f"{place}/[]")
    if (kind := ours.get("type")) and (other := theirs.get("type")) and kind != other:
        found.add(f"{place} type")
    if sorted(map(str, ours.get("enum", []))) != sorted(map(str, theirs.get("enum", []))):
        found.add(f"{place} enum")
    if "maxLength" in theirs and ours.get("maxLength") != theirs["maxLength"]:
        found.add(f"{place} maxLength")
    return found


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_our_type_is_the_published_one_but_for_known_reasons(endpoint: str) -> None:
    found = differences(ours(ENDPOINTS[endpoint]), published()[endpoint]["body"])
    assert found - DIFFERENT.keys() == set()


def test_no_reason_is_kept_for_a_difference_that_is_gone() -> None:
    endpoints = published()
    found = [differences(ours(kind), endpoints[name]["body"]) for name, kind in ENDPOINTS.items()]
    assert DIFFERENT.keys() - set().union(*found) == set()


def test_no_endpoint_of_ours_is_unknown_there() -> None:
    from wxsandbox.pay.routes import ROUTES

    assert {route.name for route in ROUTES} - published().keys() == set()


def at(schema: dict[str, Any], path: str) -> dict[str, Any]:
    for part in path.split("/"):
        schema = schema["items"] if part == "[]" else schema["properties"][part]
    return schema


@pytest.mark.parametrize(
    ("kind", "path", "lengths"),
    [(types.JsapiOrder, *row) for row in LENGTHS.items()]
    + [(types.RefundOrder, *row) for row in REFUND_LENGTHS.items()],
)
def test_lengths_are_the_contracts(kind: type[Any], path: str, lengths: tuple[int | None, int]) -> None:
    found = at(ours(kind), path)
    assert (found.get("minLength"), found["maxLength"]) == lengths
