"""QR codes with a scene.

Official page: developers.weixin.qq.com/doc/offiaccount/Account_Management/Generating_a_Parametric_QR_Code.html,
2026-09.
"""

import io
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from PIL import Image

from wxsandbox import tokens
from wxsandbox.accounts import Account
from wxsandbox.errors import WxError
from wxsandbox.http import Call, Reply
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.pictures import qr_png
from wxsandbox.routes import Route
from wxsandbox.validate import read

if TYPE_CHECKING:
    from wxsandbox.box import Box

QR_SET = 3
DEFAULT_SECONDS = 60
SWEEP_EVERY = 512
MOST_SECONDS = 2_592_000
MOST_PERMANENT = 100_000
NUMBERED = {"QR_SCENE": 2**32 - 1, "QR_LIMIT_SCENE": 100_000}
NAMED = ("QR_STR_SCENE", "QR_LIMIT_STR_SCENE")
SCAN_HOST = "http://weixin.qq.com/q/"
PAGE = f"{PAGES}/Account_Management/Generating_a_Parametric_QR_Code.html"


class Scene(msgspec.Struct):
    """Either a number or a word."""

    scene_id: int | None = None
    scene_str: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None


class ActionInfo(msgspec.Struct):
    """Wraps the scene."""

    scene: Scene


class Create(msgspec.Struct):
    """Body of qrcode/create."""

    action_name: Text
    action_info: ActionInfo
    expire_seconds: Annotated[int, msgspec.Meta(ge=1, le=MOST_SECONDS)] = DEFAULT_SECONDS


class QrTicket(msgspec.Struct, kw_only=True):
    """A QR code that was made; `expires_at` 0 for permanent ones."""

    id: str
    seq: int
    appid: str
    url: str
    scene_id: int = 0
    scene_str: str = ""
    expires_at: float = 0.0


async def create(call: Call) -> Any:
    """Make a QR code; raises 40052 for the action, 40053 for the scene."""
    account = tokens.account_call(call, QR_SET)
    codes = {"action_name": 40052, "action_info": 40053, "scene": 40053, "scene_id": 40053, "scene_str": 40053}
    body = read(call.body, Create, codes)
    scene = body.action_info.scene
    permanent = body.action_name.startswith("QR_LIMIT")
    if body.action_name in NUMBERED:
        if scene.scene_id is None or not 1 <= scene.scene_id <= NUMBERED[body.action_name]:
            raise WxError(40053)
    elif body.action_name in NAMED:
        if not scene.scene_str:
            raise WxError(40053)
    else:
        raise WxError(40052)
    box = call.box
    tickets = box.state.table(QrTicket)
    if permanent and sum(not t.expires_at for t in tickets.by("appid", account.appid)) >= MOST_PERMANENT:
        raise WxError(45029)
    numbered = body.action_name in NUMBERED
    ticket = QrTicket(
        id="gQ" + box.dice.text(90) + "==", seq=box.state.next("qr"), appid=account.appid,
        url=SCAN_HOST + box.dice.text(22), scene_id=scene.scene_id or 0 if numbered else 0,
        scene_str="" if numbered else scene.scene_str or "",
        expires_at=0.0 if permanent else box.clock.now() + body.expire_seconds,
    )  # fmt: skip
    tickets.put(ticket)
    if ticket.seq % SWEEP_EVERY == 0:
        sweep(box)
    answer: dict[str, Any] = {"ticket": ticket.id, "url": ticket.url}
    return answer if permanent else {**answer, "expire_seconds": body.expire_seconds}


def sweep(box: "Box") -> None:
    """Forget codes that ended a day ago."""
    tickets = box.state.table(QrTicket)
    for ticket in tickets:
        if ticket.expires_at and ticket.expires_at + 86400 < box.clock.now():
            tickets.delete(ticket.id)


async def show(call: Call) -> Reply:
    """Answer the picture of a QR code; 404 for a bad ticket."""
    wanted = call.query.get("ticket", "")
    ticket = call.box.state.table(QrTicket).get(wanted)
    words = ticket.url if ticket else ""
    if wanted.startswith("account-") and call.box.state.table(Account).get(wanted[8:]):
        words = account_url(wanted[8:])
    if not words:
        return Reply(404)
    out = io.BytesIO()
    Image.open(io.BytesIO(qr_png(words))).convert("L").save(out, "JPEG", quality=90)
    return Reply(200, out.getvalue(), [(b"content-type", b"image/jpg")])


def account_url(appid: str) -> str:
    """Write the text of an account's own QR code (no scene)."""
    return f"http://weixin.qq.com/r/{appid}"


ROUTES = (
    Route(
        API, "POST", "/cgi-bin/qrcode/create", create, PAGE, DATE, Create,
        (40001, 40052, 40053, 41001, 42001, 45029, 47001, 61007),
    ),
    Route("mp.weixin.qq.com", "GET", "/cgi-bin/showqrcode", show, PAGE, DATE),
)  # fmt: skip
