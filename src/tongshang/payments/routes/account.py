"""The console's WeChat Pay settings: numbers, keys (write-only), and the one-fen test."""

import re
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import msgspec
import segno
from litestar import get, post, put
from litestar.types import ControllerRouterHandler

from tongshang.payments import accounts, gateway, queries, settling, trial
from tongshang.payments.accounts import NoPayAccount, PayAccount
from tongshang.payments.model import Mode
from tongshang.platform.errors import Invalid
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

MANAGER, OWNER = {"role": Role.MANAGER}, {"role": Role.OWNER}
MCHID, APPID = re.compile(r"[0-9]{6,32}"), re.compile(r"[0-9A-Za-z_-]{1,32}")
SERIAL, KEY_ID = re.compile(r"[0-9A-Fa-f]{1,64}"), re.compile(r"PUB_KEY_ID_[0-9]{1,64}")


class AccountAsked(msgspec.Struct, forbid_unknown_fields=True):
    """The numbers of a pay account."""

    mode: Mode
    mchid: str
    appid: str
    sub_mchid: str = ""
    sp_appid: str = ""
    serial: str = ""
    public_key_id: str = ""
    fee_per_myriad: int | None = None

    def check(self) -> None:
        """Refuse what cannot be a number of WeChat Pay's."""
        partner = self.mode is Mode.PARTNER
        rules = (
            ("mchid", MCHID, self.mchid, True),
            ("appid", APPID, self.appid, True),
            ("sub_mchid", MCHID, self.sub_mchid, partner),
            ("sp_appid", APPID, self.sp_appid, partner),
            ("serial", SERIAL, self.serial, False),
            ("public_key_id", KEY_ID, self.public_key_id, False),
        )
        for name, pattern, value, needed in rules:
            if (value or needed) and not pattern.fullmatch(value):
                raise Invalid(field=name, problem="WeChat Pay's form" if value else "required")
        if not partner and (self.sub_mchid or self.sp_appid):
            raise Invalid(field="sub_mchid", problem="provider only")
        if self.fee_per_myriad is not None and not 0 <= self.fee_per_myriad <= 1000:
            raise Invalid(field="fee_per_myriad", problem="0-1000")


class KeysAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Keys to store; what is left out stays."""

    private_key_pem: str = ""
    certificate_pem: str = ""
    apiv3_key: str = ""
    public_key_pem: str = ""
    public_key_id: str = ""


class Review(msgspec.Struct, forbid_unknown_fields=True):
    """What was found out."""

    note: str


class CertificateView(msgspec.Struct):
    """A platform certificate, by its public parts."""

    serial: str
    expires_at: str


class AccountView(msgspec.Struct):
    """A pay account as the console shows it: numbers, and fingerprints instead of keys."""

    id: UUID
    mode: Mode
    mchid: str
    sub_mchid: str
    appid: str
    sp_appid: str
    serial: str
    public_key_id: str
    private_key_print: str
    apiv3_key_print: str
    public_key_print: str
    certificates: list[CertificateView]
    fee_per_myriad: int
    missing: list[str]
    notify_url: str
    updated_at: datetime


class TrialView(msgspec.Struct):
    """The one-fen test as the console shows it."""

    id: UUID
    state: str
    code_url: str
    qr_svg: str
    steps: list[trial.TrialStep]


def view(who: Staff, row: PayAccount) -> AccountView:
    """Show an account without a secret."""
    public_print = sha256(row.public_key_pem.encode()).hexdigest()[:16] if row.public_key_pem else ""
    return AccountView(
        id=row.id,
        mode=row.mode,
        mchid=row.mchid,
        sub_mchid=row.sub_mchid,
        appid=row.appid,
        sp_appid=row.sp_appid,
        serial=row.serial,
        public_key_id=row.public_key_id,
        private_key_print=row.private_key_print,
        apiv3_key_print=row.apiv3_key_print,
        public_key_print=public_print,
        certificates=[CertificateView(c["serial"], c["expires_at"]) for c in row.certificates],
        fee_per_myriad=row.fee_per_myriad,
        missing=row.missing(),
        notify_url=gateway.notice_url(who.world, who.merchant),
        updated_at=row.updated_at,
    )


@get("/pay-account", operation_id="get_pay_account", opt=MANAGER)
async def get_account(who: Staff) -> AccountView:
    """Show how the merchant is paid."""
    async with who.tx() as tx:
        row = await accounts.in_use(tx)
    if row is None:
        raise NoPayAccount
    return view(who, row)


@put("/pay-account", operation_id="put_pay_account", opt=OWNER)
async def put_account(who: Staff, data: AccountAsked) -> AccountView:
    """Set how the merchant is paid; another number leaves the old one to its refunds and bills."""
    data.check()
    async with who.tx() as tx:
        row = await accounts.save(tx, **msgspec.structs.asdict(data))
    return view(who, row)


@put("/pay-account/keys", operation_id="put_pay_keys", opt=OWNER)
async def put_keys(who: Staff, data: KeysAsked) -> AccountView:
    """Store keys; they are never read back."""
    if data.public_key_id and not KEY_ID.fullmatch(data.public_key_id):
        raise Invalid(field="public_key_id", problem="WeChat Pay's form")
    async with who.tx() as tx:
        row = await accounts.save_keys(tx, **msgspec.structs.asdict(data))
    return view(who, row)


@post("/pay-account/test", operation_id="start_pay_test", opt=MANAGER, status_code=201)
async def start_test(who: Staff) -> TrialView:
    """Ask for one fen, to be paid by scanning and refunded by itself."""
    async with who.tx():
        pass  # the audit's line; the test reaches out between transactions of its own
    return _trial(await trial.start(who.world, who.merchant))


@get("/pay-account/test/{test_id:uuid}", operation_id="get_pay_test", opt=MANAGER)
async def get_test(who: Staff, test_id: UUID) -> TrialView:
    """Say how far a test is."""
    return _trial(await trial.look(who.world, who.merchant, test=test_id))


@get("/pay-account/suspicious", operation_id="list_suspicious_notices", opt=MANAGER)
async def list_suspicious(who: Staff) -> list[queries.SuspiciousNotice]:
    """List notices that do not agree with what was asked for; nothing was done on them."""
    async with who.tx() as tx:
        return await queries.suspicious(tx)


@put("/pay-account/suspicious/{notice_id:str}/review", operation_id="review_suspicious_notice", opt=MANAGER)
async def review_suspicious(who: Staff, notice_id: str, data: Review) -> list[queries.SuspiciousNotice]:
    """Say what was found out about a notice that does not agree; gives those nobody has looked at."""
    async with who.tx() as tx:
        await settling.review(tx, notice=notice_id, note=data.note)
        return await queries.suspicious(tx)


@get("/pay-account/refused", operation_id="list_refused_notices", opt=MANAGER)
async def list_refused(who: Staff) -> list[queries.RefusedNotices]:
    """Count the notices turned away in the last thirty days: forged, late, or signed with a key nobody here knows."""
    async with who.tx() as tx:
        return await queries.refused_notices(tx)


def _trial(known: trial.Trial) -> TrialView:
    svg = segno.make(known.code_url, micro=False).svg_inline(scale=5, border=2) if known.code_url else ""
    return TrialView(known.id, known.state, known.code_url, svg, known.steps)


console: list[ControllerRouterHandler] = [
    get_account,
    put_account,
    put_keys,
    start_test,
    get_test,
    list_suspicious,
    review_suspicious,
    list_refused,
]
