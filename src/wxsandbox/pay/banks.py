"""The banks and places that settlement accounts are at: a small country, enough to choose from.

Pages 「查询支持个人业务的银行列表」「查询支持对公业务的银行列表」「查询支行列表」「查询省份列表」
「查询城市列表」 (2021-05-14).
"""

from typing import Any

from wxsandbox.http import Call
from wxsandbox.pay import reading
from wxsandbox.pay.errors import PayRefused, wrong_field
from wxsandbox.pay.gate import guarded, struck
from wxsandbox.pay.routes import COMMON, DOC, HOST, READ
from wxsandbox.pay.rows import PayMerchant
from wxsandbox.routes import Route

BANKS = (
    "工商银行", "交通银行", "招商银行", "民生银行", "中信银行", "浦发银行", "兴业银行", "光大银行", "广发银行",
    "平安银行", "北京银行", "华夏银行", "农业银行", "建设银行", "邮政储蓄银行", "中国银行", "宁波银行",
)  # fmt: skip
# Those without a name of their own in WeChat's list are 其他银行, and known by their branch.
OTHERS = ("杭州银行", "浙江泰隆商业银行", "昆仑银行", "网商银行")
PROVINCES = {
    10: ("北京市", {10: "北京市"}),
    12: ("上海市", {12: "上海市"}),
    18: ("浙江省", {181: "杭州市", 182: "宁波市", 183: "温州市"}),
    22: ("广东省", {221: "广州市", 222: "深圳市"}),
    28: ("四川省", {281: "成都市"}),
}
MOST = 200


def _banks(corporate: bool) -> list[dict[str, Any]]:
    named = [(name, name, 1001 + index, False) for index, name in enumerate(BANKS)]
    other = [(name, "其他银行", 1099, True) for name in OTHERS if corporate or name != "昆仑银行"]
    return [
        {"bank_alias": alias, "bank_alias_code": f"1000{index:06d}", "account_bank": bank, "account_bank_code": code,
         "need_bank_branch": branch}
        for index, (alias, bank, code, branch) in enumerate(named + other, 6001)
    ]  # fmt: skip


def corporate(call: Call, caller: PayMerchant) -> Any:
    """List the banks that settle to companies."""
    return _page(call, _banks(True))


def personal(call: Call, caller: PayMerchant) -> Any:
    """List the banks that settle to people."""
    return _page(call, _banks(False))


def provinces(call: Call, caller: PayMerchant) -> Any:
    """List the provinces."""
    found = [{"province_name": name, "province_code": code} for code, (name, _) in PROVINCES.items()]
    return {"total_count": len(found), "data": found}


def cities(call: Call, caller: PayMerchant) -> Any:
    """List the cities of a province."""
    code = call.params["province_code"]
    if not code.isdecimal() or int(code) not in PROVINCES:
        raise PayRefused(404, "RESOURCE_NOT_EXISTS", "省份编码不存在")
    found = [{"city_name": name, "city_code": city} for city, name in PROVINCES[int(code)][1].items()]
    return {"total_count": len(found), "data": found}


def branches(call: Call, caller: PayMerchant) -> Any:
    """List the branches of a bank in a city."""
    bank = next((one for one in _banks(True) if one["bank_alias_code"] == call.params["bank_alias_code"]), None)
    if bank is None:
        raise PayRefused(404, "RESOURCE_NOT_EXISTS", "银行别名编码不存在")
    code = reading.parameter(call.query, "city_code")
    names = {str(city): name for _, of in PROVINCES.values() for city, name in of.items()}
    if code not in names:
        raise wrong_field("city_code", "is unknown", "参数错误：城市编码不存在", location="query", value=code)
    kinds = ("分行营业部", "高新支行", "城东支行", "城西支行")
    number = int(bank["bank_alias_code"][-3:])
    place = bank["bank_alias"] + names[code]
    found = [
        {"bank_branch_name": place + kind, "bank_branch_id": f"{number:03d}{int(code):05d}{index:04d}"}
        for index, kind in enumerate(kinds, 1)
    ]
    rest = {name: bank[name] for name in ("account_bank", "account_bank_code", "bank_alias", "bank_alias_code")}
    return _page(call, found) | rest


def _page(call: Call, found: list[dict[str, Any]]) -> dict[str, Any]:
    limit, offset = reading.parameter(call.query, "limit"), call.query.get("offset", "0")
    if not limit.isdecimal() or not 1 <= int(limit) <= MOST or not offset.isdecimal():
        raise wrong_field("limit", "must be 1-200", f"参数错误：limit 应为 1 至 {MOST}", location="query", value=limit)
    page = found[int(offset) : int(offset) + int(limit)]
    links = {"self": f"{call.path}?offset={offset}&limit={limit}"}
    return {"total_count": len(found), "count": len(page), "data": page, "offset": int(offset), "links": links}


def _route(path: str, endpoint: Any, page: str) -> Route:
    path = "/v3/capital/capitallhh" + path
    errors = ("RESOURCE_NOT_EXISTS", *COMMON)
    return Route(HOST, "GET", path, guarded(endpoint), page=DOC + page, date=READ, errors=errors, refuse=struck)


ROUTES = (
    _route("/banks/corporate-banking", corporate, "partner/4012719800"),
    _route("/banks/personal-banking", personal, "partner/4012719799"),
    _route("/areas/provinces", provinces, "partner/4012719803"),
    _route("/areas/provinces/{province_code}/cities", cities, "partner/4012719804"),
    _route("/banks/{bank_alias_code}/branches", branches, "partner/4012719802"),
)
