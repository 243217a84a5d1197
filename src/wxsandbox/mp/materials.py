"""Permanent materials: the library of an account.

Official pages: developers.weixin.qq.com/doc/offiaccount/Asset_Management/Adding_Permanent_Assets.html,
Getting_Permanent_Assets.html, Deleting_Permanent_Assets.html, Get_the_total_of_all_materials.html,
Get_materials_list.html, read 2026-09.
"""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from wxsandbox import tokens
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.mp.uploads import StoredFile, address, attached, find, judge, read_form, store
from wxsandbox.routes import Route
from wxsandbox.validate import convert, read, read_query

if TYPE_CHECKING:
    from wxsandbox.box import Box

MATERIAL_SET = 11
# Pictures share their cap with articles; each other kind has its own.
CAPS = {"image": 100_000, "thumb": 100_000, "voice": 1_000, "video": 1_000}
ADD_PAGE = f"{PAGES}/Asset_Management/Adding_Permanent_Assets.html"
GET_PAGE = f"{PAGES}/Asset_Management/Getting_Permanent_Assets.html"
DELETE_PAGE = f"{PAGES}/Asset_Management/Deleting_Permanent_Assets.html"
COUNT_PAGE = f"{PAGES}/Asset_Management/Get_the_total_of_all_materials.html"
LIST_PAGE = f"{PAGES}/Asset_Management/Get_materials_list.html"
CODES = {"media_id": 40007, "type": 40004, "offset": 40097, "count": 40097}


class AddQuery(msgspec.Struct):
    """Query of add_material."""

    type: Text


class About(msgspec.Struct):
    """The form field `description` of a video."""

    title: Annotated[str, msgspec.Meta(min_length=1)]
    introduction: str = ""


class One(msgspec.Struct):
    """Body of get_material and del_material."""

    media_id: Text


class Batch(msgspec.Struct):
    """Body of batchget_material."""

    type: Literal["image", "video", "voice", "news"]
    offset: Annotated[int, msgspec.Meta(ge=0)] = 0
    count: Annotated[int, msgspec.Meta(ge=1, le=20)] = 20


def kept(box: "Box", appid: str, *kinds: str) -> list[StoredFile]:
    """List the account's permanent files of these kinds, newest first."""
    files = box.state.table(StoredFile).by("appid", appid)
    return [file for file in reversed(files) if file.use == "permanent" and file.kind in kinds]


async def add(call: Call) -> Any:
    """Take a material for ever; raises 45074 when the library is full."""
    account = tokens.account_call(call, MATERIAL_SET)
    box = call.box
    kind = read_query(call.query, AddQuery, {"type": 40004}).type
    part = read_form(call)
    content_type = judge(part.data, kind)
    pictures = ("image", "thumb") if kind in ("image", "thumb") else (kind,)
    if len(kept(box, account.appid, *pictures)) >= CAPS[kind]:
        raise WxError(45074)
    about = About("-")
    if kind == "video":
        try:
            about = convert(msgspec.json.decode(part.fields.get("description", "")), About, {})
        except msgspec.DecodeError:
            raise WxError(47001) from None
    file = store(box, account.appid, part, use="permanent", kind=kind, content_type=content_type)
    if kind == "video":
        file.title, file.introduction = about.title, about.introduction
        box.state.table(StoredFile).put(file)
    answer = {"media_id": file.id}
    return answer | ({"url": address(call, file)} if kind in ("image", "thumb") else {})


async def get(call: Call) -> Any:
    """Give a material back: the same bytes, or the description of a video."""
    account = tokens.account_call(call, MATERIAL_SET)
    body = read(call.body, One, CODES)
    file = find(call.box, account.appid, body.media_id, "permanent")
    if file is None:
        raise WxError(40007)
    if file.kind == "video":
        return {"title": file.title, "description": file.introduction, "down_url": address(call, file)}
    return attached(file)


async def delete(call: Call) -> Any:
    """Forget a material."""
    account = tokens.account_call(call, MATERIAL_SET)
    body = read(call.body, One, CODES)
    if find(call.box, account.appid, body.media_id, "permanent") is None:
        raise WxError(40007)
    call.box.state.table(StoredFile).delete(body.media_id)
    return OK


async def count(call: Call) -> Any:
    """Count the materials of each kind; `news` are the retired ones, of which there are none."""
    account = tokens.account_call(call, MATERIAL_SET)
    sizes = {kind: len(kept(call.box, account.appid, kind)) for kind in ("voice", "video")}
    images = len(kept(call.box, account.appid, "image", "thumb"))
    return {"voice_count": sizes["voice"], "video_count": sizes["video"], "image_count": images, "news_count": 0}


async def batchget(call: Call) -> Any:
    """List materials of a kind, newest first, at most 20 at a time."""
    account = tokens.account_call(call, MATERIAL_SET)
    body = read(call.body, Batch, CODES)
    kinds = ("image", "thumb") if body.type == "image" else (body.type,)
    files = kept(call.box, account.appid, *kinds)
    page = files[body.offset : body.offset + body.count]
    items = [
        {"media_id": f.id, "name": f.title or f.name, "update_time": f.at}
        | ({"url": address(call, f)} if f.kind != "voice" else {})
        for f in page
    ]
    return {"total_count": len(files), "item_count": len(items), "item": items}


ERRORS = (40001, 41001, 42001, 61007)
ROUTES = (
    Route(
        API, "POST", "/cgi-bin/material/add_material", add, ADD_PAGE, DATE, AddQuery,
        (*ERRORS, 40004, 40005, 41005, 44001, 45001, 45007, 45074, 47001),
    ),
    Route(API, "POST", "/cgi-bin/material/get_material", get, GET_PAGE, DATE, One, (*ERRORS, 40007)),
    Route(API, "POST", "/cgi-bin/material/del_material", delete, DELETE_PAGE, DATE, One, (*ERRORS, 40007)),
    Route(API, "GET", "/cgi-bin/material/get_materialcount", count, COUNT_PAGE, DATE, None, ERRORS),
    Route(
        API, "POST", "/cgi-bin/material/batchget_material", batchget, LIST_PAGE, DATE, Batch,
        (*ERRORS, 40004, 40097, 47001),
    ),
)  # fmt: skip
