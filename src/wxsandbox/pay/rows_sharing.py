"""What WeChat Pay remembers of profit sharing. Times are unix seconds, money is fen."""

import msgspec


class PaySharingReceiver(msgspec.Struct, kw_only=True):
    """Somebody who may get shares of a merchant's orders; `id` is the payer, the type and the account."""

    id: str
    seq: int
    owner: str
    type: str
    account: str
    appid: str
    relation: str
    created: float


class PaySharePart(msgspec.Struct, kw_only=True):
    """One receiver's part of a request."""

    type: str
    account: str
    appid: str = ""
    amount_fen: int
    description: str
    detail_id: str
    result: str = "PENDING"
    fail_reason: str = ""
    returned_fen: int = 0


class PaySharing(msgspec.Struct, kw_only=True):
    """One request to share an order, or to set its rest free (`rest`); `id` as of refunds."""

    id: str
    seq: int
    order: str
    mchid: str
    sub_mchid: str
    owner: str
    order_id: str
    out_order_no: str
    transaction_id: str
    words: str
    parts: list[PaySharePart]
    unfreeze: bool
    rest: bool = False
    state: str = "PROCESSING"
    created: float
    finished: float = 0.0


class PaySharingReturn(msgspec.Struct, kw_only=True):
    """A share that went back to the payer, or did not; `id` as of refunds."""

    id: str
    seq: int
    sharing: str
    return_id: str
    out_return_no: str
    return_mchid: str
    amount_fen: int
    description: str
    result: str = "PROCESSING"
    fail_reason: str = ""
    created: float
    finished: float = 0.0
