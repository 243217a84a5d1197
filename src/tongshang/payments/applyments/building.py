"""The form in WeChat's words (page partner/4012719997, 2026-11); pure but for the encryption it is given.

Objects and fields that nothing is said in are left out: WeChat answers empty ones with "系统繁忙".
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tongshang.payments.applyments.model import Form, Subject
from tongshang.payments.applyments.rules import Rules

IDCARD = "IDENTIFICATION_TYPE_IDCARD"
Encrypt = Callable[[str], str]
Media = Mapping[str, Sequence[str]]


def application(
    form: Form, *, media: Media, business_code: str, appid: str, rules: Rules, encrypt: Encrypt
) -> dict[str, Any]:
    """Write an application; `media` are WeChat's names of the pictures by slot, `appid` is the merchant's account's."""
    filled: dict[str, Any] = _filled(
        {
            "business_code": business_code,
            "contact_info": _contact(form, media, encrypt),
            "subject_info": _subject(form, media, encrypt),
            "business_info": _business(form, media, appid),
            "settlement_info": {
                "settlement_id": rules.settlement_ids[form.subject],
                "qualification_type": form.qualification_type,
                "qualifications": list(media.get("qualifications", ())),
            },
            "bank_account_info": _account(form, encrypt),
        }
    )
    return filled


def account_name(form: Form) -> str:
    """Say whose the settlement account is: the operator's own, or the business's."""
    return form.id_card_name if form.personal_account else form.merchant_name


def _contact(form: Form, media: Media, encrypt: Encrypt) -> dict[str, Any]:
    reach = {"mobile_phone": encrypt(form.mobile_phone), "contact_email": encrypt(form.contact_email)}
    if form.by_legal:
        return {"contact_type": "LEGAL", "contact_name": encrypt(form.id_card_name), **reach}
    return {
        "contact_type": "SUPER",
        "contact_name": encrypt(form.contact_name),
        "contact_id_doc_type": IDCARD,
        "contact_id_number": encrypt(form.contact_id_number),
        "contact_id_doc_copy": _one(media, "contact_id_doc_copy"),
        "contact_id_doc_copy_back": _one(media, "contact_id_doc_copy_back"),
        "contact_period_begin": form.contact_period_begin,
        "contact_period_end": form.contact_period_end,
        "business_authorization_letter": _one(media, "business_authorization_letter"),
        **reach,
    }


def _subject(form: Form, media: Media, encrypt: Encrypt) -> dict[str, Any]:
    enterprise = form.subject is Subject.ENTERPRISE
    return {
        "subject_type": f"SUBJECT_TYPE_{form.subject.upper()}",
        "finance_institution": False,
        "business_license_info": {
            "license_copy": _one(media, "license_copy"),
            "license_number": form.license_number,
            "merchant_name": form.merchant_name,
            "legal_person": form.id_card_name,
            "license_address": form.license_address,
            "period_begin": form.period_begin,
            "period_end": form.period_end,
        },
        "identity_info": {
            "id_holder_type": "LEGAL",
            "id_doc_type": IDCARD,
            "id_card_info": {
                "id_card_copy": _one(media, "id_card_copy"),
                "id_card_national": _one(media, "id_card_national"),
                "id_card_name": encrypt(form.id_card_name),
                "id_card_number": encrypt(form.id_card_number),
                "id_card_address": encrypt(form.id_card_address) if enterprise else "",
                "card_period_begin": form.card_period_begin,
                "card_period_end": form.card_period_end,
            },
            "owner": form.owner if enterprise else None,
        },
        "ubo_info_list": [_owner(form, media, encrypt)] if enterprise and not form.owner else [],
    }


def _owner(form: Form, media: Media, encrypt: Encrypt) -> dict[str, Any]:
    return {
        "ubo_id_doc_type": IDCARD,
        "ubo_id_doc_copy": _one(media, "ubo_id_doc_copy"),
        "ubo_id_doc_copy_back": _one(media, "ubo_id_doc_copy_back"),
        "ubo_id_doc_name": encrypt(form.ubo_id_doc_name),
        "ubo_id_doc_number": encrypt(form.ubo_id_doc_number),
        "ubo_id_doc_address": encrypt(form.ubo_id_doc_address),
        "ubo_period_begin": form.ubo_period_begin,
        "ubo_period_end": form.ubo_period_end,
    }


def _business(form: Form, media: Media, appid: str) -> dict[str, Any]:
    sales: dict[str, Any] = {
        "sales_scenes_type": ["SALES_SCENES_MP", *(["SALES_SCENES_STORE"] if form.has_store else [])],
        # The account is bound to the new number by this, and may be paid with once the application is through.
        "mp_info": {"mp_sub_appid": appid, "mp_pics": list(media.get("mp_pics", ()))},
    }
    if form.has_store:
        sales["biz_store_info"] = {
            "biz_store_name": form.biz_store_name,
            "biz_address_code": form.biz_address_code,
            "biz_store_address": form.biz_store_address,
            "store_entrance_pic": list(media.get("store_entrance_pic", ())),
            "indoor_pic": list(media.get("indoor_pic", ())),
        }
    return {
        "merchant_shortname": form.merchant_shortname,
        "service_phone": form.service_phone,
        "sales_info": sales,
    }


def _account(form: Form, encrypt: Encrypt) -> dict[str, Any]:
    return {
        "bank_account_type": f"BANK_ACCOUNT_TYPE_{'PERSONAL' if form.personal_account else 'CORPORATE'}",
        "account_name": encrypt(account_name(form)),
        "account_bank": form.account_bank,
        "bank_branch_id": form.bank_branch_id if form.needs_branch else "",
        "bank_name": form.bank_name if form.needs_branch else "",
        "account_number": encrypt(form.account_number),
    }


def _one(media: Media, slot: str) -> str:
    return next(iter(media.get(slot, ())), "")


def _filled(value: Any) -> Any:
    """Leave out what is empty, at any depth."""
    if isinstance(value, dict):
        inner = {name: _filled(item) for name, item in value.items()}
        return {name: item for name, item in inner.items() if item not in (None, "", [], {})}
    return [_filled(item) for item in value] if isinstance(value, list) else value
