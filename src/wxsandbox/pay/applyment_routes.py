"""The endpoints of applying for a merchant number: pictures, the application, and how it stands.

What somebody cannot do with an API here is behind `sign_url`: a page on which the administrator verifies the account
and signs, and on which, because there is no reviewer in a sandbox, the reviewer decides, too.
"""

import hashlib
from html import escape
from typing import Any

from wxsandbox import looks
from wxsandbox.errors import WxError
from wxsandbox.http import Call, Reply
from wxsandbox.mp.uploads import format_of, read_form
from wxsandbox.pay import applyments, reading
from wxsandbox.pay.errors import PayRefused, invalid, wrong_field
from wxsandbox.pay.gate import guarded, struck
from wxsandbox.pay.routes import COMMON, DOC, HOST, READ
from wxsandbox.pay.rows import PayMerchant
from wxsandbox.pay.rows_applyments import Flaw, PayApplyment, PayMedia
from wxsandbox.pay.types_applyments import Application, FileMeta
from wxsandbox.routes import Route

PAGES, SIGN = "pay.weixin.qq.com", "/public/apply4ec_sign/s"
MOST_BYTES = 2 * 1024 * 1024
KINDS = {"png": (".png",), "jpeg": (".jpg", ".jpeg"), "bmp": (".bmp",)}
ERRORS = ("PROCESSING", "FREQUENCY_LIMITED", *COMMON)
LOOK_ERRORS = ("RESOURCE_NOT_EXISTS", "FREQUENCY_LIMITED", *COMMON)


def covered(call: Call) -> bytes:
    """Give what the signature of an upload covers: the part `meta`, and not the form."""
    try:
        return read_form(call, "file").fields.get("meta", "").encode()
    except WxError:
        raise PayRefused(400, "PARAM_ERROR", "参数错误：表单中没有图片文件") from None


def upload(call: Call, caller: PayMerchant) -> Any:
    """Take a picture in."""
    form = read_form(call, "file")
    meta = reading.read(FileMeta, form.fields.get("meta", "").encode())
    if hashlib.sha256(form.data).hexdigest() != meta.sha256.lower():
        raise wrong_field("/sha256", "is not of this file", "图片的sha256与meta中的不一致", value=meta.sha256)
    kind = format_of(form.data)
    if kind not in KINDS or not meta.filename.lower().endswith(KINDS[kind]):
        raise wrong_field("/filename", "is not jpg, bmp or png", "图片格式只支持JPG、BMP、PNG", value=meta.filename)
    if len(form.data) > MOST_BYTES:
        raise invalid("图片大小不能超过2M")
    media = call.box.state.dice.text(100)
    row = PayMedia(
        id=media, seq=call.box.state.next("pay_media"), mchid=caller.id, name=meta.filename, sha256=meta.sha256.lower(),
        kind=kind, bytes=len(form.data),
    )  # fmt: skip
    return {"media_id": call.box.state.table(PayMedia).put(row).id}


def submit(call: Call, caller: PayMerchant) -> Any:
    """Take an application."""
    asked = reading.read(Application, call.body)
    row = applyments.submit(call.box, caller, asked, call.headers.get("wechatpay-serial", ""))
    return {"applyment_id": row.applyment_id}


def by_code(call: Call, caller: PayMerchant) -> Any:
    """Tell how an application stands, by the provider's own number."""
    return view(call, applyments.find(call.box, caller, code=call.params["business_code"]))


def by_number(call: Call, caller: PayMerchant) -> Any:
    """Tell how an application stands, by WeChat's number."""
    return view(call, applyments.find(call.box, caller, number=call.params["applyment_id"]))


def view(call: Call, row: PayApplyment) -> dict[str, Any]:
    """Tell of an application: the merchant's number once there is one, reasons only while it is sent back."""
    told: dict[str, Any] = {"business_code": row.business_code, "applyment_id": row.applyment_id}
    if row.sub_mchid:
        told["sub_mchid"] = row.sub_mchid
    if row.state != "EDITTING":
        told["sign_url"] = call.url(PAGES, f"{SIGN}?applymentId={row.applyment_id}&sign={row.sign}")
    told |= {"applyment_state": applyments.PREFIX + row.state, "applyment_state_msg": applyments.STATES[row.state]}
    if row.state == "REJECTED":
        told["audit_detail"] = [
            {"field": one.field, "field_name": one.field_name or one.field, "reject_reason": one.reject_reason}
            for one in row.flaws
        ]
    return told


async def show(call: Call) -> Reply:
    """Show an application to its administrator, and to whoever plays the reviewer."""
    row = _signed(call)
    return looks.problem("链接无效") if row is None else _page(call, row)


async def decide(call: Call) -> Reply:
    """Do what was chosen on the page."""
    row = _signed(call)
    if row is None:
        return looks.problem("链接无效")
    form = call.form()
    allowed = {name for name, _ in _choices(row)}
    if form.get("to") not in allowed:
        return looks.problem("申请单状态已变化，请刷新后重试")
    flaws = []
    if form["to"] == "REJECTED":
        reason = form.get("reason") or "图片模糊，请重新上传清晰的图片。"
        flaws = [Flaw(field=form.get("field") or "id_card_copy", reject_reason=reason)]
    return _page(call, applyments.decide(call.box, row, form["to"], flaws))


def _signed(call: Call) -> PayApplyment | None:
    for row in call.box.state.table(PayApplyment):
        if str(row.applyment_id) == call.query.get("applymentId") and row.sign == call.query.get("sign"):
            return row
    return None


def _choices(row: PayApplyment) -> list[tuple[str, str]]:
    return {
        "AUDITING": [("TO_BE_CONFIRMED", "审核通过，需账户验证"), ("TO_BE_SIGNED", "审核通过"), ("REJECTED", "驳回")],
        "TO_BE_CONFIRMED": [("TO_BE_SIGNED", "我已完成账户验证")],
        "TO_BE_SIGNED": [("SIGNING", "同意并签约")],
        "SIGNING": [("FINISHED", "立即开通")],
    }.get(row.state, [])


def _page(call: Call, row: PayApplyment) -> Reply:
    buttons = "".join(f'<button class="go" name="to" value="{to}">{words}</button>' for to, words in _choices(row))
    reject = (
        '<label>驳回字段<input name="field" value="id_card_copy"></label>'
        '<label>驳回原因<input name="reason" value="图片模糊，请重新上传清晰的图片。"></label>'
        if row.state == "AUDITING"
        else ""
    )
    number = f"<p>商户号 <b>{escape(row.sub_mchid)}</b></p>" if row.sub_mchid else ""
    action = f"{escape(call.url(PAGES, SIGN))}?{escape(call.query_string)}"
    hint = "<p class='dim'>沙盒里没有审核员：由您在此代为审核。</p>" if row.state == "AUDITING" else ""
    form = f'<form method="post" class="card" action="{action}">{hint}{reject}{buttons}</form>' if buttons else ""
    head = (
        f"<div class='card center'><h1>{applyments.STATES[row.state]}</h1><p>{escape(row.short_name)}</p>{number}</div>"
    )
    return looks.page("商户入驻申请", head + form)


def _route(method: str, path: str, handler: Any, page: str, errors: tuple[str, ...], body: Any = None) -> Route:
    return Route(HOST, method, path, handler, page=DOC + page, date=READ, body=body, errors=errors, refuse=struck)


P, APPLY = "partner/", "/v3/applyment4sub/applyment"
ROUTES = (
    _route("POST", "/v3/merchant/media/upload", guarded(upload, covered=covered), P + "4012760490", COMMON, FileMeta),
    _route("POST", APPLY + "/", guarded(submit), P + "4012719997", ERRORS, Application),
    _route("GET", APPLY + "/business_code/{business_code}", guarded(by_code), P + "4012697168", LOOK_ERRORS),
    _route("GET", APPLY + "/applyment_id/{applyment_id}", guarded(by_number), P + "4012697052", LOOK_ERRORS),
    Route(PAGES, "GET", SIGN, show, page=DOC + P + "4012062379", date=READ),
    Route(PAGES, "POST", SIGN, decide, page=DOC + P + "4012062379", date=READ),
)
