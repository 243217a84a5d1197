"""Requests of the application for a merchant number, field by field, from page partner/4012719997 (2026-11).

What is marked `Cipher` is encrypted for WeChat Pay. The community's JSON of that page marks `certificate_info` and
`id_doc_info` as always required; the page gives them to other kinds of subjects, which `applyments` checks.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from wxsandbox.pay.types import Wire

BusinessCode = Annotated[str, Meta(min_length=1, max_length=124, pattern=r"^[0-9A-Za-z_]+\Z")]
Cipher = Annotated[str, Meta(min_length=1, max_length=2048)]
Media = Annotated[str, Meta(min_length=1, max_length=256)]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}\Z")]
EndDay = Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2}|长期)\Z")]
Text128 = Annotated[str, Meta(min_length=1, max_length=128)]
Area = Annotated[str, Meta(pattern=r"^\d{6}\Z")]
Pictures = Annotated[list[Media], Meta(min_length=1, max_length=5)]
Holder = Literal["LEGAL", "SUPER"]
IdKind = Literal[
    "IDENTIFICATION_TYPE_IDCARD",
    "IDENTIFICATION_TYPE_OVERSEA_PASSPORT",
    "IDENTIFICATION_TYPE_HONGKONG_PASSPORT",
    "IDENTIFICATION_TYPE_MACAO_PASSPORT",
    "IDENTIFICATION_TYPE_TAIWAN_PASSPORT",
    "IDENTIFICATION_TYPE_FOREIGN_RESIDENT",
    "IDENTIFICATION_TYPE_HONGKONG_MACAO_RESIDENT",
    "IDENTIFICATION_TYPE_TAIWAN_RESIDENT",
]
Subject = Literal[
    "SUBJECT_TYPE_INDIVIDUAL",
    "SUBJECT_TYPE_ENTERPRISE",
    "SUBJECT_TYPE_GOVERNMENT",
    "SUBJECT_TYPE_INSTITUTIONS",
    "SUBJECT_TYPE_OTHERS",
]
Scene = Literal[
    "SALES_SCENES_STORE",
    "SALES_SCENES_MP",
    "SALES_SCENES_MINI_PROGRAM",
    "SALES_SCENES_WEB",
    "SALES_SCENES_APP",
    "SALES_SCENES_WEWORK",
]


class Contact(Wire, frozen=True, kw_only=True):
    """超级管理员信息."""

    contact_type: Holder
    contact_name: Cipher
    mobile_phone: Cipher
    contact_email: Cipher
    contact_id_doc_type: IdKind | UnsetType = UNSET
    contact_id_number: Cipher | UnsetType = UNSET
    contact_id_doc_copy: Media | UnsetType = UNSET
    contact_id_doc_copy_back: Media | UnsetType = UNSET
    contact_period_begin: Day | UnsetType = UNSET
    contact_period_end: EndDay | UnsetType = UNSET
    business_authorization_letter: Media | UnsetType = UNSET
    openid: Annotated[str, Meta(min_length=1, max_length=128)] | UnsetType = UNSET


class License(Wire, frozen=True, kw_only=True):
    """营业执照."""

    license_copy: Media
    license_number: Annotated[str, Meta(pattern=r"^([0-9]{15}|[0-9A-Z]{18})\Z")]
    merchant_name: Text128
    legal_person: Annotated[str, Meta(min_length=1, max_length=100)]
    license_address: Text128 | UnsetType = UNSET
    period_begin: Day | UnsetType = UNSET
    period_end: EndDay | UnsetType = UNSET


class Certificate(Wire, frozen=True, kw_only=True):
    """登记证书, of institutions, governments and societies."""

    cert_copy: Media
    cert_type: Annotated[str, Meta(pattern=r"^CERTIFICATE_TYPE_\d{4}\Z")]
    cert_number: Annotated[str, Meta(min_length=1, max_length=32)]
    merchant_name: Text128
    company_address: Text128
    legal_person: Annotated[str, Meta(min_length=1, max_length=100)]
    period_begin: Day
    period_end: EndDay


class IdCard(Wire, frozen=True, kw_only=True):
    """身份证信息."""

    id_card_copy: Media
    id_card_national: Media
    id_card_name: Cipher
    id_card_number: Cipher
    card_period_begin: Day
    card_period_end: EndDay
    id_card_address: Cipher | UnsetType = UNSET


class IdDoc(Wire, frozen=True, kw_only=True):
    """其他类型证件信息."""

    id_doc_copy: Media
    id_doc_name: Cipher
    id_doc_number: Cipher
    doc_period_begin: Day
    doc_period_end: EndDay
    id_doc_copy_back: Media | UnsetType = UNSET
    id_doc_address: Cipher | UnsetType = UNSET


class Identity(Wire, frozen=True, kw_only=True):
    """经营者/法人身份证件."""

    id_doc_type: IdKind
    id_holder_type: Holder = "LEGAL"
    authorize_letter_copy: Media | UnsetType = UNSET
    id_card_info: IdCard | UnsetType = UNSET
    id_doc_info: IdDoc | UnsetType = UNSET
    owner: bool | UnsetType = UNSET


class Owner(Wire, frozen=True, kw_only=True):
    """最终受益人."""

    ubo_id_doc_type: IdKind
    ubo_id_doc_copy: Media
    ubo_id_doc_name: Cipher
    ubo_id_doc_number: Cipher
    ubo_id_doc_address: Cipher
    ubo_period_begin: Day
    ubo_period_end: EndDay
    ubo_id_doc_copy_back: Media | UnsetType = UNSET


class SubjectInfo(Wire, frozen=True, kw_only=True):
    """主体资料."""

    subject_type: Subject
    identity_info: Identity
    finance_institution: bool = False
    business_license_info: License | UnsetType = UNSET
    certificate_info: Certificate | UnsetType = UNSET
    certificate_letter_copy: Media | UnsetType = UNSET
    ubo_info_list: Annotated[list[Owner], Meta(min_length=1, max_length=4)] | UnsetType = UNSET


class Place(Wire, frozen=True, kw_only=True):
    """线下场所场景."""

    biz_store_name: Text128
    biz_address_code: Area
    biz_store_address: Text128
    store_entrance_pic: Pictures
    indoor_pic: Pictures
    biz_sub_appid: Annotated[str, Meta(max_length=32)] | UnsetType = UNSET


class Mp(Wire, frozen=True, kw_only=True):
    """公众号场景: one of the two AppIDs."""

    mp_appid: Annotated[str, Meta(min_length=1, max_length=32)] | UnsetType = UNSET
    mp_sub_appid: Annotated[str, Meta(min_length=1, max_length=32)] | UnsetType = UNSET
    mp_pics: Pictures | UnsetType = UNSET


class Sales(Wire, frozen=True, kw_only=True):
    """经营场景; what belongs to mini programs, apps, sites and WeCom is let through."""

    sales_scenes_type: Annotated[list[Scene], Meta(min_length=1, max_length=6)]
    biz_store_info: Place | UnsetType = UNSET
    mp_info: Mp | UnsetType = UNSET


class Business(Wire, frozen=True, kw_only=True):
    """经营资料."""

    merchant_shortname: Annotated[str, Meta(min_length=1, max_length=64)]
    service_phone: Annotated[str, Meta(pattern=r"^[0-9+\-]{5,32}\Z")]
    sales_info: Sales


class Settlement(Wire, frozen=True, kw_only=True):
    """结算规则."""

    settlement_id: Annotated[str, Meta(pattern=r"^\d{3}\Z")]
    qualification_type: Text128
    qualifications: Pictures | UnsetType = UNSET
    activities_id: Annotated[str, Meta(max_length=32)] | UnsetType = UNSET
    activities_rate: Annotated[str, Meta(max_length=8)] | UnsetType = UNSET


class Account(Wire, frozen=True, kw_only=True):
    """结算银行账户."""

    bank_account_type: Literal["BANK_ACCOUNT_TYPE_CORPORATE", "BANK_ACCOUNT_TYPE_PERSONAL"]
    account_name: Cipher
    account_bank: Text128
    account_number: Cipher
    bank_address_code: Area | UnsetType = UNSET
    bank_branch_id: Annotated[str, Meta(pattern=r"^\d{12}\Z")] | UnsetType = UNSET
    bank_name: Text128 | UnsetType = UNSET


class Addition(Wire, frozen=True, kw_only=True):
    """补充材料."""

    legal_person_commitment: Media | UnsetType = UNSET
    legal_person_video: Media | UnsetType = UNSET
    business_addition_pics: Pictures | UnsetType = UNSET
    business_addition_msg: Annotated[str, Meta(min_length=1, max_length=512)] | UnsetType = UNSET


class Application(Wire, frozen=True, kw_only=True):
    """POST /v3/applyment4sub/applyment/."""

    business_code: BusinessCode
    contact_info: Contact
    subject_info: SubjectInfo
    business_info: Business
    settlement_info: Settlement
    bank_account_info: Account
    addition_info: Addition | UnsetType = UNSET


class FileMeta(Wire, frozen=True, kw_only=True):
    """The part `meta` of POST /v3/merchant/media/upload."""

    filename: Annotated[str, Meta(min_length=1, max_length=128)]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-fA-F]{64}\Z")]
