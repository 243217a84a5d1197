"""What a customer-service message leads to has to be there: its files, its article, the mini programs it opens.

Official page: developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html, 2026-09. The
page names 40166 and 45064 for mini programs: here the first is one that does not exist, the second one that exists and
is not linked to the account.
"""

import re
from typing import TYPE_CHECKING, Any

import msgspec

from wxsandbox.accounts import Account
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.mp.drafts import Draft
from wxsandbox.mp.uploads import find, needed
from wxsandbox.people import account_of
from wxsandbox.routes import Route
from wxsandbox.validate import control

if TYPE_CHECKING:
    from wxsandbox.box import Box

# WeChat names no kind for the picture of a video; a picture or the video itself will do.
PICTURES = {"video": ("thumb", "image", "video"), "music": ("thumb", "image"), "miniprogrampage": ("thumb", "image")}
LINK = re.compile(r"<a\b[^>]*>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""data-miniprogram-(appid|path)\s*=\s*["']([^"']*)["']""", re.IGNORECASE)


class MiniLink(msgspec.Struct, kw_only=True):
    """A mini program that an account has linked, so that its messages may open it."""

    id: str  # appid:appid of the mini program


class Linked(msgspec.Struct):
    """Control plane: link a mini program to an account, or undo that."""

    appid: str
    linked: bool = True


def check(box: "Box", account: Account, kind: str, content: dict[str, Any]) -> None:
    """Check what a message names; raises 40007, 40166, 45064."""
    if kind in ("image", "voice", "video"):
        needed(box, account.appid, content["media_id"], kind, "temporary", "permanent")
    elif kind == "mpnews":
        draft = box.state.table(Draft).get(content["media_id"])
        if draft is None or draft.appid != account.appid:
            raise WxError(40007)
    if thumb := content.get("thumb_media_id"):
        picture = find(box, account.appid, thumb, "temporary", "permanent")
        if picture is None or picture.kind not in PICTURES[kind]:
            raise WxError(40007)
    if kind == "miniprogrampage":
        check_mini(box, account, content["appid"], content["pagepath"])
    elif kind == "text":
        for link in LINK.findall(content["text"]):
            said = {name.lower(): value for name, value in ATTRIBUTE.findall(link)}
            if said:
                check_mini(box, account, said.get("appid", ""), said.get("path", ""))


def check_mini(box: "Box", account: Account, appid: str, path: str) -> None:
    """Check that a mini program is there, linked, and opened at a page; raises 40166, 45064."""
    found = box.state.table(Account).get(appid)
    if found is None or found.kind != "mini" or not path.strip():
        raise WxError(40166)
    if box.state.table(MiniLink).get(f"{account.appid}:{appid}") is None:
        raise WxError(45064)


async def link(call: Call) -> Any:
    """Link a mini program to an account as its administrator does, or undo that."""
    asked, account = control(call.body, Linked), account_of(call.box, call.params["appid"])
    account_of(call.box, asked.appid)
    row = MiniLink(id=f"{account.appid}:{asked.appid}")
    if asked.linked:
        call.box.state.table(MiniLink).put(row)
    else:
        call.box.state.table(MiniLink).delete(row.id)
    return OK


ROUTES = (Route("_sandbox", "POST", "/accounts/{appid}/minis", link, body=Linked),)
