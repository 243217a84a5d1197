"""What WeChat Pay remembers of those who apply for a merchant number; times are unix seconds."""

import msgspec


class PayMedia(msgspec.Struct, kw_only=True):
    """A picture that was handed over; `id` is the media_id. The picture itself is not kept, only what proves it."""

    id: str
    seq: int
    mchid: str
    name: str
    sha256: str
    kind: str
    bytes: int


class Flaw(msgspec.Struct, kw_only=True):
    """What a reviewer says of a field."""

    field: str
    field_name: str = ""
    reject_reason: str


class PayApplyment(msgspec.Struct, kw_only=True):
    """An application; `id` is the provider and its business_code. Names and numbers of people are not kept."""

    id: str
    seq: int
    mchid: str
    business_code: str
    applyment_id: int
    state: str
    short_name: str
    merchant_name: str
    appids: list[str] = []
    rate: str = "0.60%"
    sub_mchid: str = ""
    sign: str = ""
    flaws: list[Flaw] = []
    submits: int = 1
    # When it moved last, and the timer that ends this state.
    moved: float
    timer: str = ""
