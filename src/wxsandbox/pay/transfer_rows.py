"""A merchant transfer as WeChat Pay remembers it. Times are unix seconds, money is fen."""

import msgspec

ENDED = frozenset({"SUCCESS", "FAIL", "CANCELLED"})


class PayTransfer(msgspec.Struct, kw_only=True):
    """One transfer of a merchant to a person; `id` is the merchant and out_bill_no."""

    id: str
    seq: int
    bill_no: str
    mchid: str
    # Who signs, when it is a service provider; `mchid` is whose money it is.
    sp_mchid: str = ""
    mchid_day: str
    out_bill_no: str
    appid: str
    openid: str
    person: str
    scene: str
    shows: str
    packet: bool
    amount_fen: int
    remark: str
    name: str = ""
    words: str
    notify_url: str = ""
    state: str = "ACCEPTED"
    fail_reason: str = ""
    # What a page opens the sheet with; only there while the person may confirm.
    package: str = ""
    locked: bool = False
    created: float
    updated: float
    expires: float = 0.0
