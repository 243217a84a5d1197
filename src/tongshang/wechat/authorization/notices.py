"""What WeChat tells a component about things that are no account of ours yet: registrations, and whatever it adds.

Kept under the nil merchant and shown to the provider. Names and numbers of people are masked before they are stored.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.ids import NIL
from tongshang.platform.world import World
from weixin.callbacks import Push
from weixin.messages import OtherInfo
from weixin.products.open import registrations
from weixin.products.open.registrations import Registration

PLACE = "component_notice.auth_code_sealed"
ADD = """insert into component_notice
  (merchant_id, id, component_appid, kind, appid, status, message, data, auth_code_sealed, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (merchant_id, id) do nothing"""
LATEST = """select id, component_appid, kind, appid, status, message, data, at from component_notice
where merchant_id = $1 and component_appid = $2 order by at desc, id limit 50"""
FORGET = "delete from component_notice where merchant_id = $1 and at < $2"
KEPT_FOR = timedelta(days=180)
# Whose company it is may be read; who the person is, and how to reach them, only hinted at.
OPEN = frozenset({"code_type", "code", "unique_id", "name"})
SECRET = frozenset({"auth_code", "authorizationcode", "preauthcode", "componentverifyticket", "ticket"})
ENVELOPE = frozenset(
    {"AppId", "CreateTime", "InfoType", "appid", "authorizer_appid", "status", "msg", "info", "auth_code"}
)


class Notice(msgspec.Struct):
    """One notice, as the provider sees it."""

    id: UUID
    component_appid: str
    kind: str
    appid: str
    status: int | None
    message: str
    data: dict[str, str]
    at: datetime


async def keep(tx: Tx, *, component: str, push: Push) -> Registration:
    """Keep a notice, every delivery of it in one row (nil merchant); gives what it says."""
    assert isinstance(push.message, OtherInfo)
    told = registrations.read(push.fields)
    more = {name: text for name, text in push.fields.items() if name not in ENVELOPE and isinstance(text, str)}
    data = {name: masked(name, text) for name, text in (more | told.info).items()}
    sealed = tx.seal(PLACE, told.auth_code.encode()) if told.auth_code else None
    at = datetime.fromtimestamp(push.message.created_at, UTC)
    await tx.run(
        ADD, tx.merchant, UUID(hex=push.dedupe_key), component, told.kind, told.appid, told.status, told.message[:300],
        data, sealed, at,
    )  # fmt: skip
    return told


def masked(name: str, text: str) -> str:
    """Leave of a person's name or number only the first and the last character; of a secret, nothing."""
    if name.lower() in SECRET:
        return "•••"
    if name in OPEN or name.endswith(("_status", "_type")):
        return text[:200]
    return text[:1] + "•" * max(1, min(8, len(text) - 2)) + (text[-1:] if len(text) > 2 else "") if text else ""


async def latest(tx: Tx, *, component: str) -> list[Notice]:
    """List a component's last notices, newest first (nil merchant)."""
    return await tx.all(Notice, LATEST, tx.merchant, component)


async def forget(world: World) -> None:
    """Forget notices of half a year ago."""
    async with world.tx(NIL) as tx:
        await tx.run(FORGET, NIL, tx.now - KEPT_FOR)
