"""Asking for mini programs, and learning how it ended: promised, sent once, told by a push that names no merchant.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Register_Mini_Programs/
Fast_Registration_Interface_document.html (2026-11). The person's data is sealed; the push is found by its hash.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg
import msgspec
import segno

from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Invalid, Mismatch, NotFound, Refused
from tongshang.platform.world import World
from tongshang.wechat.authorization.notices import masked
from tongshang.wechat.model import digest
from tongshang.wechat.registering.facts import RegistrationAsked, RegistrationEnded
from tongshang.wechat.registering.model import REGISTRATION, Details, Registration, State, Way
from weixin.products.open import registering
from weixin.products.open.registrations import Registration as Told

PLACE, PAGE_PLACE = "mini_registration.details_sealed", "mini_registration.confirm_url_sealed"
FIELDS = "id, way, name, state, errcode, status, message, appid, created_at, sent_at, ended_at"
LATEST = f"""select {FIELDS}, confirm_url_sealed from mini_registration
where merchant_id = $1 order by created_at desc, id limit 50"""
ONE = "select id, component_appid, details_sealed, state from mini_registration where merchant_id = $1 and id = $2"
ADD = """insert into mini_registration
  (merchant_id, id, component_appid, way, name, details_sealed, digest, state, created_at)
values ($1, $2, $3, $4, $5, $6, $7, 'asked', $8)"""
# Somebody else's that may still be told of is not taken away.
CLAIM = """insert into registration_directory as d (digest, merchant_id, registration_id, expires_at)
values ($1, $2, $3, $4)
on conflict (digest) do update set merchant_id = $2, registration_id = $3, expires_at = $4
where d.merchant_id = $2 or d.expires_at <= $5"""
WHOSE = "select merchant_id, registration_id from registration_directory where digest = any($1)"
SENT = """update mini_registration set state = 'waiting', sent_at = $3, confirm_url_sealed = $4
where merchant_id = $1 and id = $2 and state = any($5)"""
END = """update mini_registration set state = $3, errcode = $4, status = $5, message = $6, appid = $7, ended_at = $8,
  confirm_url_sealed = null where merchant_id = $1 and id = $2 and state = any($9) returning name"""
KEPT_FOR = timedelta(days=3)


class Running(Refused):
    """The same registration is under way already. It waits for the person to confirm."""

    code, status, zh = "registration.running", 409, "相同主体的注册正在进行，请等待对方在手机上确认。"


class WrongCode(Refused):
    """A code of this kind has {length} characters."""

    code, status, zh = "registration.code", 400, "该类型的代码应为 {length} 位，请核对。"


@dataclass(frozen=True)
class Kept:
    """A registration as it is kept."""

    id: UUID
    component_appid: str
    details_sealed: bytes
    state: State


@dataclass(frozen=True)
class Whose:
    """Whose a registration is."""

    merchant_id: UUID
    registration_id: UUID


class Row(msgspec.Struct, frozen=True):
    """A registration with its sealed page."""

    id: UUID
    way: Way
    name: str
    state: State
    errcode: int | None
    status: int | None
    message: str
    appid: str | None
    created_at: object
    sent_at: object
    ended_at: object
    confirm_url_sealed: bytes | None


def digest_of(component: str, way: Way, *parts: str) -> bytes:
    """Hash who is registered, as both the question and the push name them."""
    return digest("\0".join((component, way, *parts)))


def digests(component: str, told: Told) -> list[bytes]:
    """List the hashes that a push may mean."""
    info = told.info
    return [
        digest_of(component, Way.COMPANY, *(info.get(n, "") for n in ("name", "code", "legal_persona_name"))),
        digest_of(component, Way.PERSON, *(info.get(n, "") for n in ("wxuser", "idname"))),
    ]


async def ask(tx: Tx, *, registration_id: UUID, component: str, details: Details) -> None:
    """Promise a registration; the same id with the same words is one. Raises Running, WrongCode, Mismatch."""
    known = await tx.first(Kept, ONE, tx.merchant, registration_id)
    if known is not None:
        if opened(tx, known) != details:
            raise Mismatch
        return
    company = details.way is Way.COMPANY
    length = registering.CODE_LENGTHS[details.code_type]
    if company and len(details.code) != length:
        raise WrongCode(length=length)
    if not company and details.name != details.persona_name:
        raise Invalid(field="name", problem="is the person's own", zh="须由本人填写")
    parts = (details.name, details.code, details.persona_name) if company else (details.persona_wechat, details.name)
    key = digest_of(component, details.way, *parts)
    sealed = tx.seal(PLACE, msgspec.json.encode(details))
    # Whose company it is may be read; of a person, no more than who it is told apart by.
    name = details.name if company else masked("idname", details.name)
    row = (registration_id, component, details.way, name, sealed, key, tx.now)
    try:
        await tx.run(ADD, tx.merchant, *row)
    except asyncpg.UniqueViolationError as error:
        if violates(error, "mini_registration_one_at_a_time"):
            raise Running from None
        raise
    if not await tx.run(CLAIM, key, tx.merchant, registration_id, tx.now + KEPT_FOR, tx.now):
        raise Running
    await tx.emit(RegistrationAsked(registration_id))


def opened(tx: Tx, kept: Kept) -> Details:
    """Open who registers."""
    return msgspec.json.decode(tx.unseal(PLACE, kept.details_sealed), type=Details)


async def kept(tx: Tx, *, registration_id: UUID) -> Kept:
    """Give a registration, or raise NotFound."""
    found = await tx.first(Kept, ONE, tx.merchant, registration_id)
    if found is None:
        raise NotFound
    return found


async def sent(tx: Tx, *, registration_id: UUID, page: str | None) -> None:
    """Record that WeChat took it up, and on which page a person confirms."""
    sealed = tx.seal(PAGE_PLACE, page.encode()) if page else None
    await tx.run(SENT, tx.merchant, registration_id, tx.now, sealed, REGISTRATION.sources("send"))


async def end(
    tx: Tx, *, registration_id: UUID, appid: str | None, status: int | None = None, errcode: int | None = None,
    message: str = "",
) -> bool:  # fmt: skip
    """Record how it ended, once; False when that was known."""
    done = errcode is None and status == 0
    state, move = (State.DONE, "finish") if done else (State.FAILED, "fail")
    mine = appid if done else None
    row = (state, errcode, status, message[:300], mine, tx.now, REGISTRATION.sources(move))
    name = await tx.value(END, tx.merchant, registration_id, *row)
    if name is None:
        return False
    await tx.emit(RegistrationEnded(registration_id, name, done, mine))
    return True


async def told(world: World, *, component: str, said: Told) -> UUID | None:
    """Give the end that WeChat pushed to the merchant whose registration it is; None when it is nobody's here."""
    async with world.system_tx() as tx:
        whose = await tx.first(Whose, WHOSE, digests(component, said))
    if whose is None or said.status is None:
        return None
    async with world.tx(whose.merchant_id) as tx:
        await end(
            tx, registration_id=whose.registration_id, appid=said.appid or None, status=said.status,
            message=said.message,
        )  # fmt: skip
    return whose.merchant_id


async def latest(tx: Tx) -> list[Registration]:
    """List the merchant's registrations, newest first."""
    return [_shown(tx, row) for row in await tx.all(Row, LATEST, tx.merchant)]


def _shown(tx: Tx, row: Row) -> Registration:
    page = tx.unseal(PAGE_PLACE, row.confirm_url_sealed).decode() if row.confirm_url_sealed else None
    svg = segno.make(page, error="m").svg_inline(scale=4, border=2, omitsize=True) if page else None
    fields = {name: getattr(row, name) for name in Row.__struct_fields__ if name != "confirm_url_sealed"}
    return Registration(**fields, confirm_url=page, confirm_svg=svg)
