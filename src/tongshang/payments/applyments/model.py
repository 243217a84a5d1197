"""The nouns of an application, its form, and its life cycle; pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from tongshang.platform.machine import Machine


class Subject(StrEnum):
    """What kind of business applies, by its licence."""

    INDIVIDUAL = "individual"
    ENTERPRISE = "enterprise"


class ApplymentState(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SENDING = "sending"
    BOUNCED = "bounced"
    AUDITING = "auditing"
    REJECTED = "rejected"
    CONFIRMING = "confirming"
    SIGNING = "signing"
    OPENING = "opening"
    FINISHED = "finished"
    CANCELLED = "cancelled"


S = ApplymentState
AT_WECHAT = (S.SENDING, S.AUDITING, S.CONFIRMING, S.SIGNING, S.OPENING)
"""In WeChat's hands: we ask after it, and nothing of it can be changed."""
HANDED_BACK = (S.DRAFT, S.BOUNCED, S.REJECTED)
"""In the owner's hands."""


def _from_wechat(to: S, *also: S) -> dict[S, S]:
    return dict.fromkeys((*AT_WECHAT, *also), to)


APPLYMENT = Machine(
    start=S.DRAFT,
    moves={
        "send": dict.fromkeys(HANDED_BACK, S.SENDING),
        # Under a new number: what WeChat has ended cannot be opened again.
        "renew": dict.fromkeys((S.BOUNCED, S.REJECTED, S.CANCELLED), S.SENDING),
        # WeChat did not take it, or took it and stumbled (its own state EDITTING): mend, and send again.
        "bounce": _from_wechat(S.BOUNCED),
        # We look now and then: what happened in between is not seen, so each state may follow on each.
        "audit": _from_wechat(S.AUDITING),
        "reject": _from_wechat(S.REJECTED),
        "confirm": _from_wechat(S.CONFIRMING),
        "sign": _from_wechat(S.SIGNING),
        "open": _from_wechat(S.OPENING),
        "finish": _from_wechat(S.FINISHED),
        "cancel": _from_wechat(S.CANCELLED),
        # Nobody touched it for so long that its data may not be kept any more.
        "lapse": dict.fromkeys(HANDED_BACK, S.CANCELLED),
    },
)
TOLD = {
    "APPLYMENT_STATE_EDITTING": "bounce",
    "APPLYMENT_STATE_AUDITING": "audit",
    "APPLYMENT_STATE_REJECTED": "reject",
    "APPLYMENT_STATE_TO_BE_CONFIRMED": "confirm",
    "APPLYMENT_STATE_TO_BE_SIGNED": "sign",
    "APPLYMENT_STATE_SIGNING": "open",
    "APPLYMENT_STATE_FINISHED": "finish",
    "APPLYMENT_STATE_CANCELED": "cancel",
}
"""Which move each of WeChat's states means (page partner/4012697168, 2026-11)."""

SLOTS = {
    "license_copy": 1,
    "id_card_copy": 1,
    "id_card_national": 1,
    "contact_id_doc_copy": 1,
    "contact_id_doc_copy_back": 1,
    "business_authorization_letter": 1,
    "ubo_id_doc_copy": 1,
    "ubo_id_doc_copy_back": 1,
    "store_entrance_pic": 1,
    "indoor_pic": 1,
    "mp_pics": 5,
    "qualifications": 5,
}
"""Where pictures belong, by WeChat's names of the fields, and how many go there."""


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is typed, by WeChat's names of the fields, so that a flaw finds its place.

    What must be equal is asked for once: the name on the licence is the operator's, the account's is the licence's.
    """

    subject: Subject = Subject.INDIVIDUAL
    license_number: str = ""
    merchant_name: str = ""
    license_address: str = ""
    period_begin: str = ""
    period_end: str = ""
    id_card_name: str = ""
    id_card_number: str = ""
    id_card_address: str = ""
    card_period_begin: str = ""
    card_period_end: str = ""
    # Who is asked for by name when the owner of a company is somebody else than its legal person.
    owner: bool = True
    ubo_id_doc_name: str = ""
    ubo_id_doc_number: str = ""
    ubo_id_doc_address: str = ""
    ubo_period_begin: str = ""
    ubo_period_end: str = ""
    # Whether the administrator is the legal person, or somebody he sends.
    by_legal: bool = True
    contact_name: str = ""
    contact_id_number: str = ""
    contact_period_begin: str = ""
    contact_period_end: str = ""
    mobile_phone: str = ""
    contact_email: str = ""
    merchant_shortname: str = ""
    service_phone: str = ""
    has_store: bool = False
    biz_store_name: str = ""
    biz_address_code: str = ""
    biz_store_address: str = ""
    qualification_type: str = ""
    personal_account: bool = False
    bank_alias: str = ""
    bank_alias_code: str = ""
    account_bank: str = ""
    needs_branch: bool = False
    bank_branch_id: str = ""
    bank_name: str = ""
    account_number: str = ""

    def __repr__(self) -> str:
        return "Form(…)"


SENSITIVE = (
    "id_card_name", "id_card_number", "id_card_address", "ubo_id_doc_name", "ubo_id_doc_number", "ubo_id_doc_address",
    "contact_name", "contact_id_number", "mobile_phone", "contact_email", "account_number",
)  # fmt: skip
"""Fields about people: never shown again as they are, and left as they were when nothing is sent for them."""


class Flaw(msgspec.Struct, frozen=True):
    """What is wrong with a field, in WeChat's words; an unknown field is empty."""

    field: str
    name: str
    reason: str


@dataclass(frozen=True)
class Applyment:
    """An application as it is kept."""

    id: UUID
    state: ApplymentState
    rev: int
    subject: Subject
    short_name: str
    form_sealed: bytes | None
    flaws_sealed: bytes | None
    business_code: str
    series: int
    submits: int
    sp_mchid: str
    wx_number: str
    message: str
    sign_url_sealed: bytes | None
    sub_mchid: str
    created_at: datetime
    saved_at: datetime
    sent_at: datetime | None
    moved_at: datetime
    looked_at: datetime | None
    ended_at: datetime | None
    forget_at: datetime | None
    forgotten_at: datetime | None

    def __repr__(self) -> str:
        return f"Applyment({self.id}, {self.state})"


@dataclass(frozen=True)
class Kept:
    """A picture as it is kept; `digest` names the encrypted file."""

    id: UUID
    slot: str
    digest: bytes
    key_sealed: bytes
    bytes: int
    media_id: str
    media_mchid: str
    media_at: datetime | None

    def __repr__(self) -> str:
        return f"Kept({self.id}, {self.slot})"
