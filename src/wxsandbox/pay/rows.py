"""What WeChat Pay remembers, as rows of the simulator's state. Times are unix seconds, money is fen."""

from typing import Any

import msgspec


class PayCertificate(msgspec.Struct, kw_only=True):
    """A platform certificate of one merchant, with the key that signs under it."""

    serial: str
    pem: str
    private_pem: str
    public_pem: str
    effective: float
    expires: float


class PayOwnCertificate(msgspec.Struct, kw_only=True):
    """An API certificate that a merchant had before the present one: good until it expires or is revoked."""

    serial: str
    public_pem: str
    expires: float
    revoked: bool = False


class PayMerchant(msgspec.Struct, kw_only=True):
    """A merchant number: keys, bindings, balance. A sub-merchant (`partner` set) signs nothing itself."""

    id: str
    seq: int
    name: str
    partner: str = ""
    appids: list[str] = []
    rate: str = "0.60%"
    apiv3_key: str = ""
    # The merchant's own API certificate, and its key: a simulator shows it again to who asks the control plane.
    serial: str = ""
    private_pem: str = ""
    certificate_pem: str = ""
    public_pem: str = ""
    certificate_expires: float = 0.0
    older: list[PayOwnCertificate] = []
    # WeChat Pay's side: a public key without expiry, platform certificates, or both.
    public_key_id: str = ""
    platform_public_pem: str = ""
    platform_private_pem: str = ""
    certificates: list[PayCertificate] = []
    public_key_share: float = 1.0
    balance_fen: int = 0
    # What the merchant's desk says of transfers: which scenes are not open, how much at a time and in a day.
    closed_scenes: list[str] = []
    transfer_most_fen: int = 20_000
    transfer_day_fen: int = 5_000_000
    # The request whose answer carried a spoiled signature last: its repeat is spared.
    probed: str = ""
    # How long a refund takes, and in which it ends: SUCCESS, ABNORMAL or CLOSED.
    refund_seconds: float = 3.0
    refund_outcome: str = "SUCCESS"
    # What of the balance is held for sharing; the highest share agreed to, in ten-thousandths; how long sharing takes.
    held_fen: int = 0
    sharing_ratio: int = 3000
    sharing_seconds: float = 3.0
    # Why this merchant gets no shares, and why it gives none back; empty: it does.
    sharing_obstacle: str = ""
    return_obstacle: str = ""
    sharing_notify_url: str = ""
    # Whether a provider has the product that shows it a sub-merchant's movements.
    sub_funds: bool = True
    # Whether a sub-merchant lets its provider give its money away: INVITED, PASSED, REJECTED, EXPIRED, CANCELED or "".
    transfer_grant: str = ""
    transfer_apply_no: str = ""
    transfer_applied: float = 0.0
    created: float = 0.0


class PayOrder(msgspec.Struct, kw_only=True):
    """One order of a merchant; `id` is owner and out_trade_no, unique as WeChat has it."""

    id: str
    seq: int
    mchid: str
    sub_mchid: str = ""
    appid: str
    sub_appid: str = ""
    out_trade_no: str
    kind: str
    words: str
    description: str
    attach: str | None = None
    notify_url: str
    total_fen: int
    openid: str = ""
    sub_openid: str = ""
    device: str = ""
    created: float
    expires: float
    state: str = "NOTPAY"
    transaction_id: str = ""
    bank: str = ""
    payer_person: str = ""
    paid: float = 0.0
    caller_day: str = ""
    rate: str = ""
    refunded_fen: int = 0
    # Taken at payment, and what of it is left after refunds.
    fee_fen: int = 0
    fee_kept_fen: int = 0
    # Placed for sharing: what was paid less the fee is held until it is shared, refunded or set free.
    sharing: bool = False
    held: bool = False
    unsplit_fen: int = 0
    shared_fen: int = 0

    @property
    def owner(self) -> str:
        """Name the merchant whose money this is."""
        return self.sub_mchid or self.mchid


class PayPrepay(msgspec.Struct, kw_only=True):
    """A prepay_id or a code_url: two hours' permission to pay one order."""

    id: str
    seq: int
    order: str
    code: str = ""
    expires: float


class PayCode(msgspec.Struct, kw_only=True):
    """The eighteen digits on a person's screen: good for a minute, and for one payment."""

    id: str
    seq: int
    person: str
    expires: float
    used: bool = False


class PayRefund(msgspec.Struct, kw_only=True):
    """One refund; `id` is the signing merchant, the sub-merchant and out_refund_no."""

    id: str
    seq: int
    refund_id: str
    order: str
    mchid: str
    sub_mchid: str = ""
    out_refund_no: str
    refund_fen: int
    fee_back_fen: int
    reason: str = ""
    notify_url: str = ""
    funds_account: str = ""
    sources: list[dict[str, Any]] = []
    goods: list[dict[str, Any]] = []
    status: str = "PROCESSING"
    outcome: str = "SUCCESS"
    created: float
    due: float
    finished: float = 0.0
    caller_day: str = ""
    account: str = ""
    from_held: bool = False


class PayFlow(msgspec.Struct, kw_only=True):
    """One movement of a merchant's money, with the balance after it."""

    id: str
    seq: int
    mchid: str
    mchid_day: str
    at: float
    business_id: str
    name: str
    kind: str
    amount_fen: int
    balance_fen: int
    applicant: str = "system"
    note: str = ""
    voucher: str = ""


class PayWallet(msgspec.Struct, kw_only=True):
    """What a person pays with: change, then a card without limit; the password of six digits."""

    id: str
    seq: int
    balance_fen: int = 1_000_000
    password: str = "123456"  # noqa: S105 - six digits of a person who does not exist
    card: str = "CMB_DEBIT"
    lines: list[dict[str, Any]] = []


class PayTicket(msgspec.Struct, kw_only=True):
    """Five minutes' permission to download one bill."""

    id: str
    seq: int
    mchid: str
    sub_mchid: str
    date: str
    kind: str
    account: str
    gzip: bool
    expires: float
    # A sub-merchant's movements go out closed under this key (hex) and nonce.
    key: str = ""
    nonce: str = ""
