"""Applying for a merchant number: what WeChat checks at once, and how an application moves afterwards.

Pages partner/4012719997 (submit) and partner/4012697168 (query), 2026-11. A reviewer takes one to three working days:
here the control plane, or the page behind `sign_url`, decides. What nobody answers ends by itself, as WeChat's does:
an account that is not verified after 10 days, or a contract not signed after 30, and opening takes half an hour.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, Struct

from wxsandbox.errors import NotFound, Wrong
from wxsandbox.pay import crypto, merchants
from wxsandbox.pay.errors import PayRefused, wrong_field
from wxsandbox.pay.merchants import NewMerchant
from wxsandbox.pay.rows import PayMerchant
from wxsandbox.pay.rows_applyments import Flaw, PayApplyment, PayMedia
from wxsandbox.pay.types_applyments import Application

if TYPE_CHECKING:
    from wxsandbox.box import Box

PREFIX = "APPLYMENT_STATE_"
STATES = {
    "EDITTING": "编辑中",
    "AUDITING": "审核中",
    "REJECTED": "已驳回",
    "TO_BE_CONFIRMED": "待账户验证",
    "TO_BE_SIGNED": "待签约",
    "SIGNING": "开通权限中",
    "FINISHED": "已完成",
    "CANCELED": "已作废",
}
ENDED = ("FINISHED", "CANCELED")
OPEN_AGAIN = ("EDITTING", "REJECTED")
DAY = 86_400
LASTS = {
    "TO_BE_CONFIRMED": (10 * DAY, "CANCELED"),
    "TO_BE_SIGNED": (30 * DAY, "CANCELED"),
    "SIGNING": (1800, "FINISHED"),
}
RULES = {"SUBJECT_TYPE_INDIVIDUAL": "719", "SUBJECT_TYPE_ENTERPRISE": "716"}
CIPHERS = {
    "contact_name", "contact_id_number", "mobile_phone", "contact_email", "id_card_name", "id_card_number",
    "id_card_address", "id_doc_name", "id_doc_number", "id_doc_address", "ubo_id_doc_name", "ubo_id_doc_number",
    "ubo_id_doc_address", "account_name", "account_number",
}  # fmt: skip
MEDIA = {
    "license_copy", "cert_copy", "certificate_letter_copy", "id_card_copy", "id_card_national", "id_doc_copy",
    "id_doc_copy_back", "authorize_letter_copy", "contact_id_doc_copy", "contact_id_doc_copy_back", "indoor_pic",
    "business_authorization_letter", "store_entrance_pic", "mp_pics", "qualifications", "business_addition_pics",
    "ubo_id_doc_copy", "ubo_id_doc_copy_back", "legal_person_commitment", "legal_person_video",
}  # fmt: skip
FORMS = {
    "mobile_phone": re.compile(r"1[0-9]{10}"),
    "contact_email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "id_card_number": re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15}"),
    "account_number": re.compile(r"[0-9]{8,30}"),
}


def submit(box: "Box", caller: PayMerchant, asked: Application, serial: str) -> PayApplyment:
    """Take an application, or the mended one in place of what was sent back; refuses what is wrong in it."""
    table = box.state.table(PayApplyment)
    known = table.get(f"{caller.id}/{asked.business_code}")
    if known is not None and known.state not in OPEN_AGAIN:
        raise PayRefused(400, "PROCESSING", "存在流程进行中的申请单，请检查是否重入")
    opened = _open(caller, asked, serial)
    _check_media(box, caller, asked)
    _check_subject(asked, opened)
    license_ = asked.subject_info.business_license_info
    mp = asked.business_info.sales_info.mp_info
    seq = box.state.next("pay_applyment")
    row = known or PayApplyment(
        id=f"{caller.id}/{asked.business_code}",
        seq=seq,
        mchid=caller.id,
        business_code=asked.business_code,
        applyment_id=2_000_002_000_000_000 + seq,
        state="EDITTING",
        short_name="",
        merchant_name="",
        sign=box.state.dice.hex(32),
        moved=box.clock.now(),
    )
    row.submits += known is not None
    row.short_name = asked.business_info.merchant_shortname
    row.merchant_name = "" if license_ is UNSET else license_.merchant_name
    row.appids = [] if mp is UNSET or mp.mp_sub_appid is UNSET else [mp.mp_sub_appid]
    row.flaws = []
    return move(box, row, "AUDITING")


def move(box: "Box", row: PayApplyment, state: str, flaws: list[Flaw] | None = None) -> PayApplyment:
    """Bring an application into a state, and have the clock end it where WeChat's would."""
    if row.timer:
        box.scheduler.cancel(row.timer)
        row.timer = ""
    if state == "FINISHED" and not row.sub_mchid:
        asked = NewMerchant(name=row.short_name, partner=row.mchid, appids=row.appids, rate=row.rate)
        row.sub_mchid = merchants.create(box, asked).id
    if state in LASTS:
        seconds, _ = LASTS[state]
        row.timer = box.scheduler.at(box.clock.now() + seconds, "pay.applyment", id=row.id, state=state).id
    row.state, row.flaws, row.moved = state, list(flaws or []), box.clock.now()
    return box.state.table(PayApplyment).put(row)


async def end_due(box: "Box", args: dict[str, Any]) -> None:
    """End a state whose time is over, unless the application has moved on."""
    row = box.state.table(PayApplyment).get(args["id"])
    if row is not None and row.state == args["state"]:
        row.timer = ""
        move(box, row, LASTS[row.state][1])


def decide(box: "Box", row: PayApplyment, state: str, flaws: list[Flaw]) -> PayApplyment:
    """Have the reviewer, or the applicant's hand, move an application; what has ended stays."""
    if state not in STATES:
        raise Wrong(f"the states are {', '.join(STATES)}")
    if row.state in ENDED:
        raise Wrong(f"this application has ended as {row.state}")
    if bool(flaws) != (state == "REJECTED"):
        raise Wrong("reasons go with REJECTED, and with nothing else")
    return move(box, row, state, flaws)


def find(box: "Box", caller: PayMerchant, *, code: str = "", number: str = "") -> PayApplyment:
    """Find an application of this provider."""
    for row in box.state.table(PayApplyment):
        if row.mchid == caller.id and (row.business_code == code or (number and str(row.applyment_id) == number)):
            return row
    raise PayRefused(404, "RESOURCE_NOT_EXISTS", "申请单不存在")


def by_code(box: "Box", code: str) -> PayApplyment:
    """Find an application for the control plane."""
    for row in box.state.table(PayApplyment):
        if row.business_code == code:
            return row
    raise NotFound(f"application {code}")


def _fields(value: Any, pointer: str = "") -> Iterator[tuple[str, str, str]]:
    """Walk over all texts: pointer, name, text."""
    if isinstance(value, Struct):
        for name in value.__struct_fields__:
            if (inner := getattr(value, name)) is not UNSET:
                yield from _fields(inner, f"{pointer}/{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _fields(item, f"{pointer}/{index}")
    elif isinstance(value, str):
        name = next(part for part in reversed(pointer.split("/")) if not part.isdigit())
        yield pointer, name, value


def _open(caller: PayMerchant, asked: Application, serial: str) -> dict[str, str]:
    """Decrypt every sensitive field with the key that the header names, and look at what it says."""
    keys = {one.serial: one.private_pem for one in caller.certificates}
    keys |= {caller.public_key_id: caller.platform_private_pem} if caller.public_key_id else {}
    opened: dict[str, str] = {}
    for pointer, name, value in _fields(asked):
        if name not in CIPHERS:
            continue
        plain = crypto.decrypt_field(keys[serial], value) if serial in keys else None
        if plain is None:
            raise wrong_field(pointer, "cannot be decrypted", "敏感字段解密失败，请检查Wechatpay-Serial与加密公钥")
        if not plain.strip() or (name in FORMS and not FORMS[name].fullmatch(plain)):
            raise wrong_field(pointer, "has a wrong format", f"参数错误：{name} 格式不正确")
        opened[name] = plain
    return opened


def _check_media(box: "Box", caller: PayMerchant, asked: Application) -> None:
    known = box.state.table(PayMedia)
    for pointer, name, value in _fields(asked):
        if name in MEDIA:
            row = known.get(value)
            if row is None or row.mchid != caller.id:
                raise wrong_field(pointer, "is no media_id of yours", f"参数错误：{name} 对应的图片不存在", value=value)


def _check_subject(asked: Application, opened: dict[str, str]) -> None:
    """Check what one field demands of others; WeChat's page says each as a note at the field."""
    subject, contact, account = asked.subject_info, asked.contact_info, asked.bank_account_info
    licensed = subject.subject_type in RULES
    if licensed and subject.business_license_info is UNSET:
        raise _needed("/subject_info/business_license_info", "个体户/企业必须上传营业执照信息")
    if not licensed and subject.certificate_info is UNSET:
        raise _needed("/subject_info/certificate_info", "该主体类型必须上传登记证书信息")
    identity = subject.identity_info
    if identity.id_doc_type == "IDENTIFICATION_TYPE_IDCARD" and identity.id_card_info is UNSET:
        raise _needed("/subject_info/identity_info/id_card_info", "证件类型为身份证时必须填写身份证信息")
    if contact.contact_type == "SUPER":
        for name in ("contact_id_doc_type", "contact_id_number", "contact_id_doc_copy", "contact_period_begin",
                     "contact_period_end", "business_authorization_letter"):  # fmt: skip
            if getattr(contact, name) is UNSET:
                raise _needed(f"/contact_info/{name}", f"超级管理员为经办人时{name}必填")
    if RULES.get(subject.subject_type, asked.settlement_info.settlement_id) != asked.settlement_info.settlement_id:
        raise wrong_field(
            "/settlement_info/settlement_id", "does not fit the subject", "入驻结算规则ID与主体类型不匹配"
        )
    personal = account.bank_account_type == "BANK_ACCOUNT_TYPE_PERSONAL"
    if personal and subject.subject_type != "SUBJECT_TYPE_INDIVIDUAL":
        raise wrong_field("/bank_account_info/bank_account_type", "is for individuals", "该主体类型仅支持对公银行账户")
    if personal and opened["account_name"] != opened.get("id_card_name", opened["account_name"]):
        raise wrong_field("/bank_account_info/account_name", "is not the operator's", "开户名称与经营者姓名不一致")
    if account.account_bank == "其他银行" and account.bank_branch_id is UNSET and account.bank_name is UNSET:
        raise _needed("/bank_account_info/bank_branch_id", "开户银行为“其他银行”时，联行号与开户银行全称二选一必填")
    sales = asked.business_info.sales_info
    if "SALES_SCENES_STORE" in sales.sales_scenes_type and sales.biz_store_info is UNSET:
        raise _needed("/business_info/sales_info/biz_store_info", "选择线下场所时必填")
    mp = sales.mp_info
    named = mp is not UNSET and (mp.mp_appid is not UNSET or mp.mp_sub_appid is not UNSET)
    if "SALES_SCENES_MP" in sales.sales_scenes_type and not named:
        raise _needed("/business_info/sales_info/mp_info/mp_sub_appid", "服务商公众号与商家公众号AppID二选一必填")


def _needed(pointer: str, words: str) -> PayRefused:
    return wrong_field(pointer, "is required", f"参数错误：{words}")
