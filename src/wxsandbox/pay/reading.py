"""Read requests by the types of the contract, and say what is wrong the way WeChat Pay says it."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from wxsandbox.pay.errors import PayRefused, wrong_field

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
DETAIL_BYTES = 6144
T = TypeVar("T", bound=msgspec.Struct)

# The names WeChat prints in its messages; a field without one is printed as it is spelled.
LABELS = {
    "appid": "公众账号ID",
    "mchid": "商户号",
    "sp_appid": "服务商公众账号ID",
    "sp_mchid": "服务商户号",
    "sub_mchid": "子商户号",
    "description": "商品描述",
    "out_trade_no": "商户订单号",
    "out_refund_no": "商户退款单号",
    "transaction_id": "微信支付订单号",
    "notify_url": "通知地址",
    "time_expire": "支付结束时间",
    "attach": "商户数据包",
    "openid": "用户标识",
    "total": "总金额",
    "refund": "退款金额",
    "currency": "货币类型",
    "reason": "退款原因",
    "bill_date": "账单日期",
}

Say = Callable[[re.Match[str]], tuple[str, str]]
_KINDS: tuple[tuple[re.Pattern[str], Say], ...] = (
    (
        re.compile(r"^Expected `(int|float)` >= (\d+)"),
        lambda m: (f"must be at least {m[2]}", f"值低于最小值 {m[2]}"),
    ),
    (
        re.compile(r"^Expected `(int|float)` <= (\d+)"),
        lambda m: (f"must be at most {m[2]}", f"值超过最大值 {m[2]}"),
    ),
    (
        re.compile(r"^Expected `(str|array)` of length >= (\d+)"),
        lambda m: (f"must have a length of at least {m[2]}", f"长度小于最小值 {m[2]}"),
    ),
    (
        re.compile(r"^Expected `(str|array)` of length <= (\d+)"),
        lambda m: (f"must have a length of at most {m[2]}", f"长度超过最大值 {m[2]}"),
    ),
    (re.compile(r"^Expected `str` matching regex"), lambda _: ("has a wrong format", "格式不正确")),
    (re.compile(r"^Invalid enum value"), lambda _: ("is not one of the allowed values", "枚举值不正确")),
    (
        re.compile(r"^Expected `([^`]+)`, got `([^`]+)`"),
        lambda m: (f"must be {m[1]}, not {m[2]}", f"类型不正确，应为 {m[1]}"),
    ),
)
_PLACE = re.compile(r" - at `\$(.*)`$")
_MISSING = re.compile(r"^Object missing required field `([^`]+)`")


def read(kind: type[T], body: bytes) -> T:
    """Decode a body as `kind`; raises PARAM_ERROR naming the first wrong field by JSON pointer."""
    try:
        order = msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as wrong:
        raise _explain(str(wrong), body) from wrong
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise PayRefused(400, "PARAM_ERROR", "请求中含有无法解析的内容，请求体不是合法的JSON") from wrong
    detail = getattr(order, "detail", msgspec.UNSET)
    if detail is not msgspec.UNSET and len(msgspec.json.encode(detail)) > DETAIL_BYTES:
        raise _field("/detail", f"must have at most {DETAIL_BYTES} bytes", f"长度超过最大值 {DETAIL_BYTES}")
    return order


def _explain(said: str, body: bytes) -> PayRefused:
    place = _PLACE.search(said)
    pointer = re.sub(r"\[(\d+)\]", r"/\1", place[1].replace(".", "/")) if place else ""
    if missing := _MISSING.match(said):
        return _field(f"{pointer}/{missing[1]}", "is required", "必填字段不能为空")
    for pattern, say in _KINDS:
        if match := pattern.match(said):
            issue, chinese = say(match)
            return _field(pointer, issue, chinese, _value(body, pointer))
    return _field(pointer, said, "格式不正确", _value(body, pointer))


def _field(pointer: str, issue: str, chinese: str, value: Any = None) -> PayRefused:
    name = pointer.rsplit("/", 1)[-1]
    sort = "数值字段" if isinstance(value, int) and not isinstance(value, bool) else "值字段"
    message = f"输入源“/body{pointer}”映射到{sort}“{LABELS.get(name, name)}”规则校验失败，{chinese}"
    return wrong_field(pointer, issue, message, value=value)


def _value(body: bytes, pointer: str) -> Any:
    found: Any = json.loads(body)
    for part in pointer.split("/")[1:]:
        found = found[int(part)] if isinstance(found, list) else found.get(part)
    return found


def parameter(query: Mapping[str, str], name: str, *, among: tuple[str, ...] = (), default: str = "") -> str:
    """Read one query parameter; required unless a default is given."""
    value = query.get(name) or default
    if not value:
        label = LABELS.get(name, name)
        message = f"输入源“/query/{name}”映射到值字段“{label}”规则校验失败，必填字段不能为空"
        raise wrong_field(name, "is required", message, location="query")
    if among and value not in among:
        message = f"输入源“/query/{name}”规则校验失败，枚举值不正确"
        raise wrong_field(name, "is not one of the allowed values", message, location="query", value=value)
    return value


def day(query: Mapping[str, str]) -> date:
    """Read `bill_date`, a day of Asia/Shanghai written YYYY-MM-DD."""
    text = parameter(query, "bill_date")
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as wrong:
        message = "输入源“/query/bill_date”映射到值字段“账单日期”规则校验失败，格式应为 YYYY-MM-DD"
        raise wrong_field("bill_date", "must be YYYY-MM-DD", message, location="query", value=text) from wrong


def instant(text: str) -> datetime:
    """Read `time_expire`; raises PARAM_ERROR for a day that does not exist."""
    try:
        return datetime.fromisoformat(text)
    except ValueError as wrong:
        raise _field("/time_expire", "is not a time", "格式不正确", text) from wrong


def rfc3339(at: datetime) -> str:
    """Write an instant as WeChat Pay does: seconds, +08:00."""
    return at.astimezone(BEIJING).replace(microsecond=0).isoformat()


def callback_url(url: str) -> None:
    """Refuse a notify_url that WeChat would not call: https without query; plain http only on loopback."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as wrong:
        raise _field("/notify_url", "is not a URL", "格式不正确", url) from wrong
    local = loopback(host)
    allowed = parts.scheme == "https" and (local or _address(host) is None)
    if local and parts.scheme == "http":
        allowed = True
    if not allowed or not host or not parts.path or parts.query or parts.fragment:
        issue = "must be https, absolute, without query, on a public name"
        raise _field("/notify_url", issue, "必须为外网可访问的https地址，且不能携带参数", url)


def loopback(host: str) -> bool:
    """Tell whether a host name is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _address(host)
    return bool(address and address.is_loopback)


def _address(host: str) -> Any:
    try:
        return ip_address(host)
    except ValueError:
        return None
