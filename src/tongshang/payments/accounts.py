"""Pay accounts: numbers and keys. Keys are write-only: sealed in the table, parsed once per process and version."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tongshang.payments.facts import CertificatesDue
from tongshang.payments.model import Mode
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.world import World
from weixin.pay import (
    Keys,
    Merchant,
    PayClient,
    PlatformCertificate,
    certificate_serial,
    load_private_key,
    load_public_key,
)

COLUMNS = """id, version, in_use, mode, mchid, sub_mchid, appid, sp_appid, serial, private_key_sealed,
  private_key_print, apiv3_key_sealed, apiv3_key_print, public_key_id, public_key_pem, certificates,
  certificates_at, fee_per_myriad, sharing, created_at, updated_at"""
IN_USE = f"select {COLUMNS} from pay_account where merchant_id = $1 and in_use"
ONE = f"select {COLUMNS} from pay_account where merchant_id = $1 and id = $2"
ALL = f"select {COLUMNS} from pay_account where merchant_id = $1 order by in_use desc, created_at desc"
OUT_OF_USE = (
    "update pay_account set in_use = false where merchant_id = $1 and in_use and not (mchid = $2 and sub_mchid = $3)"
)
SAVE = """
insert into pay_account (merchant_id, id, version, in_use, mode, mchid, sub_mchid, appid, sp_appid, serial,
  public_key_id, fee_per_myriad, created_at, updated_at)
values ($1, $2, 1, true, $3, $4, $5, $6, $7, $8, $9, coalesce($10, 60), $11, $11)
on conflict (merchant_id, mchid, sub_mchid) do update set version = pay_account.version + 1, in_use = true, mode = $3,
  appid = $6, sp_appid = $7, serial = case when $8 = '' then pay_account.serial else $8 end,
  public_key_id = $9, fee_per_myriad = coalesce($10, pay_account.fee_per_myriad), updated_at = $11"""
SAVE_KEYS = """
update pay_account set version = version + 1, updated_at = $3,
  private_key_sealed = coalesce($4, private_key_sealed), private_key_print = coalesce($5, private_key_print),
  apiv3_key_sealed = coalesce($6, apiv3_key_sealed), apiv3_key_print = coalesce($7, apiv3_key_print),
  public_key_pem = coalesce($8, public_key_pem), public_key_id = coalesce($9, public_key_id),
  serial = coalesce($10, serial)
where merchant_id = $1 and id = $2"""
CERTIFICATES_ASKED = "update pay_account set certificates_at = $3 where merchant_id = $1 and id = $2"
SAVE_CERTIFICATES = """
update pay_account set certificates = $3, certificates_at = $4, version = version + 1
where merchant_id = $1 and id = $2"""
STALE = """
select coalesce(array_agg(merchant_id::text || ' ' || id::text), '{}') from pay_account
where private_key_sealed is not null and apiv3_key_sealed is not null and serial <> ''
  and (public_key_id = '' or certificates <> '[]')
  and (certificates_at is null or certificates_at < $1)"""
RENEW_AFTER = timedelta(hours=11)
SHELF = "payments.tills"


class NoPayAccount(Refused):
    """WeChat Pay is not set up yet."""

    code, status, zh = "pay_account.missing", 409, "尚未配置微信支付。"


class NotReady(Refused):
    """WeChat Pay is not completely set up; missing: {missing}"""

    code, status, zh = "pay_account.not_ready", 409, "微信支付配置不完整，缺少：{missing}"


class BadKey(Refused):
    """This is not a usable {what}."""

    code, status, zh = "pay_account.bad_key", 422, "{what} 无法识别，请检查文件内容。"


@dataclass(frozen=True)
class PayAccount:
    """A number at WeChat Pay; keys are sealed, and None until uploaded."""

    id: UUID
    version: int
    in_use: bool
    mode: Mode
    mchid: str
    sub_mchid: str
    appid: str
    sp_appid: str
    serial: str
    private_key_sealed: bytes | None
    private_key_print: str
    apiv3_key_sealed: bytes | None
    apiv3_key_print: str
    public_key_id: str
    public_key_pem: str
    certificates: list[dict[str, Any]]
    certificates_at: datetime | None
    fee_per_myriad: int
    sharing: bool
    created_at: datetime
    updated_at: datetime

    def __repr__(self) -> str:
        return f"PayAccount({self.mchid!r}, {self.sub_mchid!r}, version={self.version})"

    def missing(self) -> list[str]:
        """List what has still to be given before this account can be used."""
        given = {"serial": self.serial, "private_key": self.private_key_sealed, "apiv3_key": self.apiv3_key_sealed}
        found = [name for name, value in given.items() if not value]
        if bool(self.public_key_id) != bool(self.public_key_pem):
            found.append("public_key_pem" if self.public_key_id else "public_key_id")
        return found


@dataclass(frozen=True)
class Till:
    """A pay account ready for use: its keys parsed, its client made."""

    account: PayAccount
    client: PayClient

    @property
    def sub_mchid(self) -> str | None:
        """Give the merchant a service provider acts for."""
        return self.account.sub_mchid or None


async def in_use(tx: Tx) -> PayAccount | None:
    """Give the account new charges go to."""
    return await tx.first(PayAccount, IN_USE, tx.merchant)


async def get(tx: Tx, *, account: UUID) -> PayAccount:
    """Give one account, in use or not."""
    return await tx.one(PayAccount, ONE, tx.merchant, account)


async def everyone(tx: Tx) -> list[PayAccount]:
    """List the merchant's accounts, the one in use first."""
    return await tx.all(PayAccount, ALL, tx.merchant)


async def save(
    tx: Tx,
    *,
    mode: Mode,
    mchid: str,
    appid: str,
    sub_mchid: str = "",
    sp_appid: str = "",
    serial: str = "",
    public_key_id: str = "",
    fee_per_myriad: int | None = None,
) -> PayAccount:
    """Put an account into use. A new number is a new account; the old one stays for its refunds and bills."""
    await tx.run(OUT_OF_USE, tx.merchant, mchid, sub_mchid)
    args = (mode.value, mchid, sub_mchid, appid, sp_appid, serial.upper(), public_key_id, fee_per_myriad, tx.now)
    await tx.run(SAVE, tx.merchant, tx.new_id(), *args)
    return await tx.one(PayAccount, IN_USE, tx.merchant)


async def save_keys(
    tx: Tx,
    *,
    private_key_pem: str = "",
    certificate_pem: str = "",
    apiv3_key: str = "",
    public_key_pem: str = "",
    public_key_id: str = "",
) -> PayAccount:
    """Keep uploaded keys; what is left out stays. They are never read back, only their fingerprints are shown."""
    account = await in_use(tx)
    if account is None:
        raise NoPayAccount
    private_print = serial = public_pem = apiv3_print = None
    if private_key_pem:
        private_print = _private_print(private_key_pem)
    if certificate_pem:
        serial = _parsed("apiclient_cert.pem", certificate_serial, certificate_pem)
    if apiv3_key:
        if len(apiv3_key.encode()) != 32:
            raise BadKey(what="APIv3 key")
        apiv3_print = sha256(b"apiv3:" + apiv3_key.encode()).hexdigest()[:8]
    if public_key_pem:
        _parsed("pub_key.pem", load_public_key, public_key_pem)
        public_pem = public_key_pem.strip()
    await tx.run(
        SAVE_KEYS,
        tx.merchant,
        account.id,
        tx.now,
        _sealed(tx, "private_key_sealed", private_key_pem),
        private_print,
        _sealed(tx, "apiv3_key_sealed", apiv3_key),
        apiv3_print,
        public_pem,
        public_key_id or None,
        serial,
    )
    return await get(tx, account=account.id)


async def ask_certificates(tx: Tx, *, account: UUID) -> None:
    """Have an account's certificates fetched; asked for again in eleven hours, however this ends."""
    await tx.run(CERTIFICATES_ASKED, tx.merchant, account, tx.now)
    await tx.emit(CertificatesDue(account))


async def keep_certificates(tx: Tx, *, account: UUID, certificates: list[PlatformCertificate]) -> None:
    """Keep what was downloaded, for the next process."""
    data = [
        {"serial": c.serial, "effective_at": c.effective_at, "expires_at": c.expires_at, "pem": c.pem}
        for c in certificates
    ]
    await tx.run(SAVE_CERTIFICATES, tx.merchant, account, data, tx.now)


async def till(tx: Tx, *, account: UUID | None = None) -> Till:
    """Give an account ready for use (the one in use by default); raises NoPayAccount or NotReady."""
    row = await in_use(tx) if account is None else await get(tx, account=account)
    if row is None:
        raise NoPayAccount
    return open_till(tx, row)


def open_till(tx: Tx, row: PayAccount) -> Till:
    """Parse an account's keys, once per process and version."""
    if missing := row.missing():
        raise NotReady(missing=", ".join(missing))
    world = tx.world
    shelf: dict[UUID, Till] = world.shelf.setdefault(SHELF, {})
    known = shelf.get(row.id)
    if known is not None and known.account.version == row.version:
        return known
    assert row.private_key_sealed is not None
    assert row.apiv3_key_sealed is not None
    signer = Merchant(
        row.mchid,
        row.serial,
        load_private_key(tx.unseal("pay_account.private_key_sealed", row.private_key_sealed), checked=True),
        tx.unseal("pay_account.apiv3_key_sealed", row.apiv3_key_sealed),
    )
    # What was learnt from answers since stays known when our own keys change.
    learnt = known.client.keys.certificates if known is not None else []
    client = PayClient(
        world.transport,
        world.settings.wx.pay,
        signer,
        _keys(row).plus(learnt),
        lambda: int(world.clock.now().timestamp()),
        nonce=lambda: f"{world.rng.getrandbits(128):032x}",
    )
    shelf[row.id] = Till(row, client)
    return shelf[row.id]


def _keys(row: PayAccount) -> Keys:
    certificates = [
        PlatformCertificate(
            c["serial"],
            datetime.fromisoformat(c["effective_at"]),
            datetime.fromisoformat(c["expires_at"]),
            c["pem"],
            load_public_key(c["pem"]),
        )
        for c in row.certificates
    ]
    public = load_public_key(row.public_key_pem) if row.public_key_pem else None
    return Keys(public_key_id=row.public_key_id or None, public_key=public, certificates=certificates)


def _private_print(pem: str) -> str:
    key = _parsed("apiclient_key.pem", load_private_key, pem)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256(public).hexdigest()[:16]


def _parsed(what: str, parse: Any, pem: str) -> Any:
    try:
        return parse(pem)
    except ValueError:
        raise BadKey(what=what) from None


def _sealed(tx: Tx, column: str, value: str) -> bytes | None:
    return tx.seal(f"pay_account.{column}", value.encode()) if value else None


async def stale_certificates(world: World) -> list[tuple[UUID, UUID]]:
    """List accounts, of all merchants, whose certificates are to be fetched again."""
    async with world.system_tx() as tx:
        found: list[str] = await tx.value(STALE, tx.now - RENEW_AFTER)
    pairs = [item.split() for item in found]
    return [(UUID(merchant), UUID(account)) for merchant, account in pairs]
