"""Merchants: made by the control plane with every key they need, found by the rules, rotated on demand."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from wxsandbox.errors import NotFound, Wrong
from wxsandbox.pay import crypto
from wxsandbox.pay.rows import PayCertificate, PayMerchant

if TYPE_CHECKING:
    from wxsandbox.box import Box

Mode = Literal["public_key", "certificate", "both"]


class NewMerchant(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the control plane may say about a new merchant; everything else is made up."""

    mchid: str = ""
    name: str = "沙盒商户"
    appids: list[str] = []
    mode: Mode = "public_key"
    partner: str = ""
    apiv3_key: str = ""
    rate: str = "0.60%"
    refund_seconds: float = 3.0
    refund_outcome: Literal["SUCCESS", "ABNORMAL", "CLOSED"] = "SUCCESS"


class MerchantSettings(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What may be changed later; a field left out stays."""

    name: str | None = None
    appids: list[str] | None = None
    apiv3_key: str | None = None
    rate: str | None = None
    refund_seconds: float | None = None
    refund_outcome: Literal["SUCCESS", "ABNORMAL", "CLOSED"] | None = None
    sharing_ratio: int | None = None
    sharing_seconds: float | None = None
    sharing_obstacle: str | None = None
    return_obstacle: str | None = None
    sharing_notify_url: str | None = None
    sub_funds: bool | None = None
    transfer_grant: Literal["", "INVITED", "PASSED", "REJECTED", "EXPIRED", "CANCELED"] | None = None
    public_key_share: float | None = None
    closed_scenes: list[str] | None = None
    transfer_most_fen: int | None = None
    transfer_day_fen: int | None = None


def create(box: "Box", asked: NewMerchant) -> PayMerchant:
    """Make a merchant; with `partner` a sub-merchant, which has no keys of its own."""
    table = box.state.table(PayMerchant)
    seq = box.state.next("pay_merchant")
    id = asked.mchid or f"19{box.state.dice.below(10**8):08d}"
    if not id.isdecimal() or len(id) > 32:
        raise Wrong("a merchant number has digits only, 32 at most")
    if table.get(id):
        raise Wrong(f"merchant {id} exists")
    if asked.partner and table.get(asked.partner) is None:
        raise NotFound(f"service provider {asked.partner}")
    _check_key(asked.apiv3_key)
    _check_rate(asked.rate)
    row = PayMerchant(
        id=id,
        seq=seq,
        name=asked.name,
        partner=asked.partner,
        appids=list(asked.appids),
        rate=asked.rate,
        refund_seconds=asked.refund_seconds,
        refund_outcome=asked.refund_outcome,
        created=box.clock.now(),
    )
    if not asked.partner:
        _give_keys(box, row, asked)
    return table.put(row)


def change(box: "Box", mchid: str, settings: MerchantSettings) -> PayMerchant:
    """Change settings of a merchant."""
    row = one(box, mchid)
    _check_key(settings.apiv3_key or "")
    _check_rate(settings.rate or row.rate)
    for name, value in msgspec.structs.asdict(settings).items():
        if value is not None:
            setattr(row, name, value)
    return box.state.table(PayMerchant).put(row)


def one(box: "Box", mchid: str) -> PayMerchant:
    """Find a merchant for the control plane; raises NotFound."""
    row = box.state.table(PayMerchant).get(mchid)
    if row is None:
        raise NotFound(f"merchant {mchid}")
    return row


def rotate(box: "Box", mchid: str) -> PayCertificate:
    """Add a platform certificate; the old one stays, as in WeChat's overlap."""
    row = one(box, mchid)
    fresh = _platform_certificate(box)
    row.certificates.append(fresh)
    box.state.table(PayMerchant).put(row)
    return fresh


def signing_key(box: "Box", merchant: PayMerchant, wanted: str = "") -> tuple[str, str]:
    """Choose serial and private key for an answer: the one asked for, else the newest certificate's."""
    now = box.clock.now()
    if merchant.public_key_id and wanted == merchant.public_key_id:
        return merchant.public_key_id, merchant.platform_private_pem
    held = merchant.certificates
    valid = [one for one in held if one.effective <= now < one.expires] or ([] if merchant.public_key_id else held)
    for certificate in valid:
        if certificate.serial == wanted:
            return certificate.serial, certificate.private_pem
    if valid:
        newest = max(valid, key=lambda one: one.effective)
        return newest.serial, newest.private_pem
    return merchant.public_key_id, merchant.platform_private_pem


def notice_key(box: "Box", merchant: PayMerchant) -> tuple[str, str]:
    """Choose serial and key for a callback: during a switch both kinds arrive, by `public_key_share`."""
    share = merchant.public_key_share
    if merchant.public_key_id and (share >= 1 or box.state.dice.chance() < share):
        return merchant.public_key_id, merchant.platform_private_pem
    return signing_key(box, merchant)


def _give_keys(box: "Box", row: PayMerchant, asked: NewMerchant) -> None:
    row.apiv3_key = asked.apiv3_key or box.state.dice.text(32)
    give_certificate(box, row)
    if asked.mode != "certificate":
        give_public_key(box, row)
    if asked.mode != "public_key":
        row.certificates = [_platform_certificate(box)]


def give_certificate(box: "Box", row: PayMerchant) -> None:
    """Issue an API certificate with a new key; the caller keeps what was there before."""
    own = crypto.new_key()
    made = crypto.certificate(
        subject=row.id,
        organisation="微信商户系统",
        public_pem=own.public_pem,
        ca_pem=_root(box),
        serial=box.state.dice.bytes(20),
        now=_moment(box),
    )
    row.serial, row.certificate_pem, row.certificate_expires = made.serial, made.pem, made.expires.timestamp()
    row.public_pem, row.private_pem = own.public_pem, own.private_pem


def give_public_key(box: "Box", row: PayMerchant) -> None:
    """Issue WeChat Pay's public key for a merchant, under an id of its own."""
    theirs = crypto.new_key()
    row.public_key_id = f"PUB_KEY_ID_011{row.id[:10].zfill(10)}{box.state.dice.below(10**15):015d}"
    row.platform_public_pem, row.platform_private_pem = theirs.public_pem, theirs.private_pem


def _platform_certificate(box: "Box") -> PayCertificate:
    pair = crypto.new_key()
    made = crypto.certificate(
        subject="Tenpay.com sign",
        organisation="Tenpay.com (wxsandbox)",
        public_pem=pair.public_pem,
        ca_pem=_root(box),
        serial=box.state.dice.bytes(20),
        now=_moment(box),
    )
    return PayCertificate(
        serial=made.serial,
        pem=made.pem,
        private_pem=pair.private_pem,
        public_pem=pair.public_pem,
        effective=made.effective.timestamp(),
        expires=made.expires.timestamp(),
    )


def _root(box: "Box") -> str:
    kept = box.state.meta.get("pay_root_key")
    if kept is None:
        kept = crypto.new_key().private_pem
        box.state.set_meta("pay_root_key", kept)
    return str(kept)


def _moment(box: "Box") -> datetime:
    return datetime.fromtimestamp(box.clock.now(), UTC)


def _check_key(key: str) -> None:
    if key and len(key.encode()) != 32:
        raise Wrong("an APIv3 key has exactly 32 bytes")


def _check_rate(rate: str) -> None:
    number = rate.removesuffix("%")
    if not rate.endswith("%") or not number.replace(".", "", 1).isdigit() or float(number) > 100:
        raise Wrong("a rate reads like 0.60%")
