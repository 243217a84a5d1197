"""What a registration is made of, and how it goes."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from tongshang.platform.machine import Machine

# The person is asked on the phone and has 24 hours; an hour more, for a push that comes late.
PATIENCE = timedelta(hours=25)
# WeChat's own status for nobody having confirmed.
LATE = 100003


class Way(StrEnum):
    """For a company, confirmed by its legal person, or for a person."""

    COMPANY = "company"
    PERSON = "person"


class State(StrEnum):
    """How far a registration is."""

    ASKED = "asked"
    # With WeChat: the person has to confirm.
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


REGISTRATION = Machine(
    start=State.ASKED,
    moves={
        "send": {State.ASKED: State.WAITING},
        # The push may overtake the answer to our own call.
        "finish": {State.ASKED: State.DONE, State.WAITING: State.DONE},
        "fail": {State.ASKED: State.FAILED, State.WAITING: State.FAILED},
    },
)

Named = Annotated[str, Meta(min_length=1, max_length=60)]
Phone = Annotated[str, Meta(pattern=r"^[0-9+-]{5,20}$")]
# As WeChat has them: a letter, then letters, digits, - and _.
WechatId = Annotated[str, Meta(pattern=r"^[a-zA-Z][-_a-zA-Z0-9]{5,19}$")]


class Details(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who registers; for a person, `name` and `persona_name` are one. `code_type` as WeChat counts."""

    way: Way
    name: Named
    persona_name: Named
    persona_wechat: WechatId
    phone: Phone
    code: str = ""
    code_type: Literal[1, 2, 3] = 1


class Registration(msgspec.Struct, frozen=True):
    """A registration, as the merchant sees it; of the person only what is needed to know who has to confirm."""

    id: UUID
    way: Way
    name: str
    state: State
    errcode: int | None
    status: int | None
    message: str
    appid: str | None
    created_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None
    # A person confirms on this page of WeChat's; a company's legal person is asked on the phone.
    confirm_url: str | None = None
    confirm_svg: str | None = None
