"""Applications as they are shown: people's names and numbers masked, what is wrong at its field."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
import segno

from tongshang.payments.applyments import building, checks, drafts, pictures, rules
from tongshang.payments.applyments.checks import Problem
from tongshang.payments.applyments.drafts import LINK
from tongshang.payments.applyments.model import HANDED_BACK, SENSITIVE, Applyment, ApplymentState, Flaw, Form, Subject
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx


class PictureShown(msgspec.Struct, frozen=True):
    """A picture by its place; its bytes are fetched apart, by the owner alone."""

    id: UUID
    slot: str
    bytes: int


class ApplymentHead(msgspec.Struct, frozen=True):
    """An application in a list."""

    id: UUID
    state: ApplymentState
    subject: Subject
    short_name: str
    sub_mchid: str
    created_at: datetime
    moved_at: datetime
    ended_at: datetime | None


class ApplymentView(msgspec.Struct, frozen=True):
    """An application to its owner; `form` leaves sensitive fields empty, `masked` hints at what is there."""

    id: UUID
    state: ApplymentState
    rev: int
    form: Form | None
    masked: dict[str, str]
    account_name: str
    pictures: list[PictureShown]
    problems: list[Problem]
    flaws: list[Flaw]
    message: str
    business_code: str
    wx_number: str
    sign_url: str
    sign_svg: str
    sub_mchid: str
    saved_at: datetime
    sent_at: datetime | None
    moved_at: datetime
    looked_at: datetime | None
    ended_at: datetime | None
    forget_at: datetime | None
    forgotten_at: datetime | None


@dataclass(frozen=True)
class Signing:
    """Where the administrator goes on, on the phone."""

    url: str
    svg: str


async def heads(tx: Tx) -> list[ApplymentHead]:
    """List the merchant's applications, newest first."""
    found = await tx.all(Applyment, drafts.ALL, tx.merchant)
    names = ApplymentHead.__struct_fields__
    return [ApplymentHead(**{name: getattr(one, name) for name in names}) for one in found]


async def view(tx: Tx, *, applyment: UUID) -> ApplymentView:
    """Show an application of this merchant, or raise NotFound."""
    row = await drafts.get(tx, applyment=applyment)
    kept = await pictures.of(tx, applyment=row.id)
    form = None if row.form_sealed is None else drafts.form_of(tx, row)
    wrong: list[Problem] = []
    if form is not None and row.state in HANDED_BACK:
        counts: dict[str, int] = {}
        for one in kept:
            counts[one.slot] = counts.get(one.slot, 0) + 1
        today = tx.now.astimezone(SHANGHAI).date()
        wrong = checks.problems(form, counts, rules=rules.at(tx.now), today=today)
    link = _signing(tx, row)
    return ApplymentView(
        id=row.id,
        state=row.state,
        rev=row.rev,
        form=form and msgspec.structs.replace(form, **dict.fromkeys(SENSITIVE, "")),
        masked={name: masked(name, getattr(form, name)) for name in SENSITIVE if form and getattr(form, name)},
        account_name=_account_name(form) if form else "",
        pictures=[PictureShown(one.id, one.slot, one.bytes) for one in kept],
        problems=wrong,
        flaws=drafts.flaws_of(tx, row),
        message=row.message,
        business_code=row.business_code,
        wx_number=row.wx_number,
        sign_url=link.url,
        sign_svg=link.svg,
        sub_mchid=row.sub_mchid,
        saved_at=row.saved_at,
        sent_at=row.sent_at,
        moved_at=row.moved_at,
        looked_at=row.looked_at,
        ended_at=row.ended_at,
        forget_at=row.forget_at,
        forgotten_at=row.forgotten_at,
    )


def _signing(tx: Tx, row: Applyment) -> Signing:
    # Of use while somebody can still do something there.
    if row.sign_url_sealed is None or row.ended_at is not None:
        return Signing("", "")
    url = tx.unseal(LINK, row.sign_url_sealed).decode()
    return Signing(url, segno.make(url, micro=False).svg_inline(scale=5, border=2))


def _account_name(form: Form) -> str:
    name = building.account_name(form)
    return masked("id_card_name", name) if form.personal_account else name


def masked(field: str, text: str) -> str:
    """Hint at a sensitive value: enough to know one's own again, too little for anybody else."""
    if not text:
        return ""
    if field == "contact_email":
        name, _, host = text.partition("@")
        return f"{name[:1]}***@{host}"
    if field.endswith(("_address",)):
        return f"{text[:3]}***"
    if field.endswith("_name"):
        return "*" * (len(text) - 1) + text[-1]
    if field == "mobile_phone":
        return f"{text[:3]}****{text[-4:]}"
    return (
        f"{text[:2]}{'*' * max(4, len(text) - 4)}{text[-2:]}"
        if field.endswith("id_number") or (field.endswith("_number") and field != "account_number")
        else f"**** {text[-4:]}"
    )
