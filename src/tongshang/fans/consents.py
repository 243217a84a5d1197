"""Consents: recorded with the text's version and time before a phone or address is kept; the latest answer counts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongshang.fans.facts import ConsentGiven, ConsentWithdrawn
from tongshang.fans.model import PRIVACY, Privacy, digest
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused

LATEST = """select id, fan_id, version, text_hash, accepted, at from consent
where merchant_id = $1 and fan_id = $2 order by id desc limit $3"""
LOCK = "select id from fan where merchant_id = $1 and id = $2 for update"


class ConsentNeeded(Refused):
    """Please agree to the privacy text first; without it no phone number or address is kept."""

    code, status, zh = "consent.needed", 403, "请先同意隐私政策，否则我们不会保存您的电话和地址。"


class Outdated(Refused):
    """The privacy text has changed; please read version {version}."""

    code, status, zh = "consent.outdated", 409, "隐私政策已更新，请阅读新版本（{version}）。"


@dataclass(frozen=True)
class Consent:
    """One answer to one text."""

    id: UUID
    fan_id: UUID
    version: str
    text_hash: bytes
    accepted: bool
    at: datetime


async def privacy(tx: Tx) -> Privacy:
    """Give the shop's present privacy text."""
    for ask in tx.world.at(PRIVACY):
        return await ask(tx)
    return Privacy("1", "")


async def latest(tx: Tx, *, fan_id: UUID) -> Consent | None:
    """Give a fan's last answer."""
    return await tx.first(Consent, LATEST, tx.merchant, fan_id, 1)


async def history(tx: Tx, *, fan_id: UUID) -> list[Consent]:
    """List a fan's answers, newest first."""
    return await tx.all(Consent, LATEST, tx.merchant, fan_id, 50)


async def record(tx: Tx, *, fan_id: UUID, version: str, accepted: bool) -> Consent:
    """Record an answer to the present text; the same answer again is not a new one."""
    text = await privacy(tx)
    if accepted and version != text.version:
        raise Outdated(version=text.version)
    await tx.value(LOCK, tx.merchant, fan_id)
    last = await latest(tx, fan_id=fan_id)
    if last is not None and (last.version, last.accepted) == (text.version, accepted):
        return last
    consent = Consent(tx.new_id(), fan_id, text.version, digest(text.text), accepted, tx.now)
    await tx.insert("consent", consent)
    if accepted:
        await tx.emit(ConsentGiven(fan_id, text.version))
    elif last is not None and last.accepted:
        await tx.emit(ConsentWithdrawn(fan_id, text.version))
    return consent


async def withdraw(tx: Tx, *, fan_id: UUID) -> None:
    """Take a fan's consent back for them, if they have given one."""
    last = await latest(tx, fan_id=fan_id)
    if last is not None and last.accepted:
        await record(tx, fan_id=fan_id, version=last.version, accepted=False)


async def require(tx: Tx, *, fan_id: UUID) -> None:
    """Refuse to go on unless the fan has agreed to the present text. Call it before keeping a phone or address."""
    last = await latest(tx, fan_id=fan_id)
    if last is None or not last.accepted:
        raise ConsentNeeded
    if last.version != (await privacy(tx)).version:
        raise ConsentNeeded
