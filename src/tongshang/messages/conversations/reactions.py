"""What people say is kept, with its files; what they do opens windows; what staff write is sent."""

from collections.abc import Sequence
from datetime import UTC, datetime

from tongshang.fans import people
from tongshang.fans.model import Source
from tongshang.media import blobs
from tongshang.messages.conversations import contacts, service, threads
from tongshang.messages.conversations.facts import FileSaid, ServiceMessageAsked
from tongshang.messages.facts import MessageSent
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job
from tongshang.wechat import calls
from tongshang.wechat.facts import Followed, MenuClicked, MenuUsed, Said, Scanned
from weixin.errors import Unreachable, WeixinError
from weixin.products.mp import media
from weixin.transport import Answer

reactions = Reactions("conversations")
# Menu buttons that open a window; those for pictures and places do not.
OPENING = ("scan", "scan_wait")
FILE_MOST = 20_000_000


@reactions.together(Said)
async def keep_words(tx: Tx, facts: Sequence[Said]) -> None:
    """Keep what people said, and that they were in touch; an item tapped in a menu message counts as a menu."""
    heard = await threads.hear(tx, facts)
    touches = [("menu" if fact.menu_id else "message", datetime.fromtimestamp(fact.at, UTC)) for fact in facts]
    await contacts.keep_some(tx, [(fan_id, *touch) for fan_id, touch in zip(heard, touches, strict=True)])


@reactions.inside(MenuClicked)
async def keep_click(tx: Tx, fact: MenuClicked) -> None:
    """Keep that somebody tapped a button that asks for an answer."""
    if not fact.url:
        await _in_touch(tx, fact.appid, fact.openid, "menu", fact.at)


@reactions.inside(MenuUsed)
async def keep_use(tx: Tx, fact: MenuUsed) -> None:
    """Keep that somebody used a button that scans."""
    if fact.how in OPENING:
        await _in_touch(tx, fact.appid, fact.openid, "menu", fact.at)


@reactions.inside(Followed)
async def keep_follow(tx: Tx, fact: Followed) -> None:
    """Keep that somebody follows."""
    await _in_touch(tx, fact.appid, fact.openid, "follow", fact.at)


@reactions.inside(Scanned)
async def keep_scan(tx: Tx, fact: Scanned) -> None:
    """Keep that somebody scanned a code of the account."""
    await _in_touch(tx, fact.appid, fact.openid, "scan", fact.at)


async def _in_touch(tx: Tx, appid: str, openid: str, kind: str, at: int) -> None:
    fan = await people.known(tx, appid=appid, openid=openid, source=Source.MESSAGE)
    await contacts.keep(tx, fan_id=fan.id, kind=kind, at=at)


@reactions.inside(MessageSent)
async def show_latest(tx: Tx, fact: MessageSent) -> None:
    """Show in the list what was sent last."""
    await threads.sent(tx, fan_id=fact.fan_id, text=fact.text)


@reactions.outside(ServiceMessageAsked)
async def send_service_message(job: Job, fact: ServiceMessageAsked) -> None:
    """Send what a member of staff wrote."""
    await service.send(job, fan_id=fact.fan_id, message_id=fact.message_id)


@reactions.outside(FileSaid)
async def fetch_file(job: Job, fact: FileSaid) -> None:
    """Fetch what somebody sent before WeChat drops it; what cannot be had is let go."""
    try:
        got = await calls.ask(
            job, job.merchant, lambda client, token: media.get(client, token=token, media_id=fact.media_id)
        )
    except Unreachable:
        raise
    except (WeixinError, Refused):
        got = ""
    body = got.body if isinstance(got, Answer) and len(got.body) <= FILE_MOST else b""
    digest = await blobs.keep(job.world, job.merchant, data=body) if body else None
    async with job.finish() as tx:
        if digest is not None:
            await threads.keep_file(tx, said_id=fact.said_id, digest=digest, content_type=kind_of(body))


def kind_of(body: bytes) -> str:
    """Say what a file is by its first bytes; nothing that a browser would run."""
    starts = {
        b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif", b"#!AMR": "audio/amr",
        b"ID3": "audio/mpeg",
    }  # fmt: skip
    for start, kind in starts.items():
        if body.startswith(start):
            return kind
    return "video/mp4" if body[4:8] == b"ftyp" else "application/octet-stream"
