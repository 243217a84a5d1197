"""Applying over HTTP: the owner's form, pictures and progress; the provider's number, and everybody's applications."""

import dataclasses
from typing import Literal
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post, put
from litestar.types import ControllerRouterHandler

from tongshang.media import blobs, uploads
from tongshang.media.uploads import Upload
from tongshang.payments import accounts
from tongshang.payments.accounts import NoPayAccount
from tongshang.payments.applyments import drafts, pictures, provider, queries, rules, sending
from tongshang.payments.applyments.model import Form, Subject
from tongshang.payments.applyments.provider import ApplymentLine, NoProvider
from tongshang.payments.applyments.queries import ApplymentHead, ApplymentView
from tongshang.payments.model import Mode
from tongshang.payments.routes.account import KEY_ID, AccountAsked, AccountView, KeysAsked, view
from tongshang.platform.errors import Invalid
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

OWNER, PROVIDER = {"role": Role.OWNER}, {"provider": True}
PRIVATE = {"cache-control": "no-store", "content-security-policy": "default-src 'none'", "x-robots-tag": "noindex"}


class Saved(msgspec.Struct, forbid_unknown_fields=True):
    """The form, and the revision it was typed over (0 starts an application)."""

    rev: int
    form: Form


class Submission(msgspec.Struct, forbid_unknown_fields=True):
    """Which revision is sent, and whether under a new number."""

    rev: int
    anew: bool = False


class IndustryView(msgspec.Struct):
    """A line of business, and which licence it has to show."""

    name: str
    en: str
    needs: Literal["none", "may", "must"]
    zh_hint: str
    en_hint: str


class RulesView(msgspec.Struct):
    """What WeChat asks of whom, what it costs, and how long data is kept."""

    ready: bool
    rate_per_myriad: int
    industries: dict[Subject, list[IndustryView]]
    sources: list[str]
    keeping: list[str]
    kept_after_end_days: int
    kept_untouched_days: int


class PictureKept(msgspec.Struct):
    """The picture that was kept."""

    id: UUID


class BankView(msgspec.Struct):
    """A bank, and whether its branch has to be named."""

    alias: str
    code: str
    account_bank: str
    needs_branch: bool


class PlaceView(msgspec.Struct):
    """A province, a city or a branch."""

    code: str
    name: str


@get("/applyments", operation_id="list_applyments", opt=OWNER)
async def list_applyments(who: Staff) -> list[ApplymentHead]:
    """List the merchant's applications for a number, newest first."""
    async with who.tx() as tx:
        return await queries.heads(tx)


@get("/applyments/rules", operation_id="get_applyment_rules", opt=OWNER)
async def get_rules(who: Staff) -> RulesView:
    """Say what is asked, and whether the provider can apply at all."""
    held, row = rules.at(who.world.clock.now()), await provider.account(who.world)
    lines = {
        subject: [IndustryView(**dataclasses.asdict(one)) for one in found]
        for subject, found in held.industries.items()
    }
    return RulesView(
        ready=row is not None and not row.missing(),
        rate_per_myriad=held.rate_per_myriad,
        industries=lines,
        sources=list(held.sources),
        keeping=list(held.keeping),
        kept_after_end_days=held.kept_after_end.days,
        kept_untouched_days=held.kept_untouched.days,
    )


@get("/applyments/{applyment_id:uuid}", operation_id="get_applyment", opt=OWNER)
async def get_applyment(who: Staff, applyment_id: UUID) -> ApplymentView:
    """Show an application; what is about people is masked."""
    async with who.tx() as tx:
        return await queries.view(tx, applyment=applyment_id)


@put("/applyments/{applyment_id:uuid}", operation_id="put_applyment", opt=OWNER)
async def put_applyment(who: Staff, applyment_id: UUID, data: Saved) -> ApplymentView:
    """Start or save an application; sensitive fields that are left empty stay as they were."""
    async with who.tx() as tx:
        await drafts.save(tx, applyment=applyment_id, rev=data.rev, form=data.form)
        return await queries.view(tx, applyment=applyment_id)


@delete("/applyments/{applyment_id:uuid}", operation_id="drop_applyment", opt=OWNER)
async def drop_applyment(who: Staff, applyment_id: UUID) -> None:
    """Throw a draft away, with its pictures."""
    async with who.tx() as tx:
        files = await drafts.drop(tx, applyment=applyment_id)
    for digest in files:
        await blobs.drop(who.world, who.merchant, digest=digest)


@post("/applyments/{applyment_id:uuid}/pictures/{slot:str}", operation_id="upload_applyment_picture", opt=OWNER)
async def upload_picture(who: Staff, applyment_id: UUID, slot: str, data: Upload) -> PictureKept:
    """Upload a picture as the part `file`; it is made anew, encrypted, and shown to the owner alone."""
    body, _ = await uploads.sent(data)
    picture = await pictures.keep(who.world, who.merchant, applyment=applyment_id, slot=slot, data=body)
    async with who.tx():
        pass  # the audit's line
    return PictureKept(picture)


@get("/applyments/{applyment_id:uuid}/pictures/{picture_id:uuid}", operation_id="get_applyment_picture", opt=OWNER)
async def get_picture(who: Staff, applyment_id: UUID, picture_id: UUID) -> Response[bytes]:
    """Show a picture to the owner; nothing on the way may keep it."""
    body = await pictures.read(who.world, who.merchant, applyment=applyment_id, picture=picture_id)
    return Response(body, media_type="image/jpeg", headers=PRIVATE)


@delete("/applyments/{applyment_id:uuid}/pictures/{picture_id:uuid}", operation_id="drop_applyment_picture", opt=OWNER)
async def drop_picture(who: Staff, applyment_id: UUID, picture_id: UUID) -> None:
    """Take a picture out."""
    async with who.tx() as tx:
        digest = await pictures.drop(tx, applyment=applyment_id, picture=picture_id)
    await blobs.drop(who.world, who.merchant, digest=digest)


@put("/applyments/{applyment_id:uuid}/submission", operation_id="send_applyment", opt=OWNER, status_code=202)
async def send_applyment(who: Staff, applyment_id: UUID, data: Submission) -> ApplymentView:
    """Hand an application to WeChat; refused with the fields that have to be mended first."""
    row = await provider.account(who.world)
    if row is None or row.missing():
        raise NoProvider
    async with who.tx() as tx:
        await drafts.send(tx, applyment=applyment_id, rev=data.rev, sp_mchid=row.mchid, anew=data.anew)
        return await queries.view(tx, applyment=applyment_id)


@put("/applyments/{applyment_id:uuid}/progress", operation_id="look_applyment_up", opt=OWNER)
async def look_up(who: Staff, applyment_id: UUID) -> ApplymentView:
    """Ask WeChat now how the application stands."""
    async with who.tx() as tx:
        await drafts.get(tx, applyment=applyment_id)
    await sending.look(who.world, who.merchant, applyment=applyment_id)
    async with who.world.tx(who.merchant) as tx:
        return await queries.view(tx, applyment=applyment_id)


@get("/settlement-banks", operation_id="list_settlement_banks", opt=OWNER)
async def list_banks(who: Staff, personal: bool = False) -> list[BankView]:
    """List the banks that money can be settled to."""
    found = await provider.banks(who.world, personal=personal)
    return [BankView(one.alias, one.alias_code, one.account_bank, one.needs_branch) for one in found]


@get("/settlement-banks/areas", operation_id="list_bank_areas", opt=OWNER)
async def list_areas(who: Staff, province: str = "") -> list[PlaceView]:
    """List the provinces, or a province's cities."""
    asked = provider.cities(who.world, province=province) if province else provider.provinces(who.world)
    return [PlaceView(one.code, one.name) for one in await asked]


@get("/settlement-banks/{bank:str}/branches", operation_id="list_bank_branches", opt=OWNER)
async def list_branches(who: Staff, bank: str, city: str) -> list[PlaceView]:
    """List a bank's branches in a city."""
    return [PlaceView(one.code, one.name) for one in await provider.branches(who.world, bank=bank, city=city)]


@get("/provider/applyments", operation_id="list_all_applyments", opt=PROVIDER)
async def list_all(who: Staff, standing: str = "") -> list[ApplymentLine]:
    """List the applications of all merchants, and where they stand; nothing about people."""
    async with who.system_tx() as tx:
        return await provider.listed(tx, state=standing)


@get("/provider/pay-account", operation_id="get_provider_account", opt=PROVIDER)
async def get_provider_account(who: Staff) -> AccountView:
    """Show the provider's own number."""
    row = await provider.account(who.world)
    if row is None:
        raise NoPayAccount
    return view(who, row)


@put("/provider/pay-account", operation_id="put_provider_account", opt=PROVIDER)
async def put_provider_account(who: Staff, data: AccountAsked) -> AccountView:
    """Set the provider's own number; merchants under it are given what changed."""
    data.check()
    if data.mode is not Mode.DIRECT:
        raise Invalid(
            field="mode",
            problem="the provider's own number is nobody's sub-merchant",
            zh="服务商自己的商户号不能作为特约商户",
        )
    async with who.tx() as tx:
        row = await accounts.save(tx, **msgspec.structs.asdict(data))
        await provider.tell_changed(tx, row)
    return view(who, row)


@put("/provider/pay-account/keys", operation_id="put_provider_keys", opt=PROVIDER)
async def put_provider_keys(who: Staff, data: KeysAsked) -> AccountView:
    """Store the provider's keys; they are never read back, and handed on to the merchants under its number."""
    if data.public_key_id and not KEY_ID.fullmatch(data.public_key_id):
        raise Invalid(field="public_key_id", problem="WeChat Pay's form")
    async with who.tx() as tx:
        row = await accounts.save_keys(tx, **msgspec.structs.asdict(data))
        await provider.tell_changed(tx, row)
    return view(who, row)


console: list[ControllerRouterHandler] = [
    list_applyments, get_rules, get_applyment, put_applyment, drop_applyment, upload_picture, get_picture, drop_picture,
    send_applyment, look_up, list_banks, list_areas, list_branches, list_all, get_provider_account,
    put_provider_account, put_provider_keys,
]  # fmt: skip
