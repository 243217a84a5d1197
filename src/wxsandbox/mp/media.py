"""Temporary media, and pictures for articles.

Official pages: developers.weixin.qq.com/doc/offiaccount/Asset_Management/New_temporary_materials.html,
Get_temporary_materials.html, Adding_Permanent_Assets.html (uploadimg), read 2026-09.
"""

from typing import Any

import msgspec

from wxsandbox import tokens
from wxsandbox.errors import WxError
from wxsandbox.http import Call, Reply
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.mp.uploads import PICTURES, VIDEOS, address, attached, find, judge, needed, public, read_form, store
from wxsandbox.routes import Route
from wxsandbox.validate import read, read_query

UPLOAD_SETS = (1, 3, 8, 9, 11, 19, 30, 31, 100)
MOST_PICTURE = 1024 * 1024
PAGE = f"{PAGES}/Asset_Management/New_temporary_materials.html"
GET_PAGE = f"{PAGES}/Asset_Management/Get_temporary_materials.html"
PICTURE_PAGE = f"{PAGES}/Asset_Management/Adding_Permanent_Assets.html"
VIDEO_PAGE = f"{PAGES}/Message_Management/Batch_Sends_and_Originality_Checks.html"


class UploadQuery(msgspec.Struct):
    """Query of media/upload."""

    type: Text


class GetQuery(msgspec.Struct):
    """Query of media/get."""

    media_id: Text


class UploadVideo(msgspec.Struct):
    """Body of media/uploadvideo."""

    media_id: Text
    title: str = ""
    description: str = ""


async def upload(call: Call) -> Any:
    """Take temporary media for three days."""
    account = tokens.account_call(call, *UPLOAD_SETS)
    kind = read_query(call.query, UploadQuery, {"type": 40004}).type
    part = read_form(call)
    content_type = judge(part.data, kind)
    file = store(call.box, account.appid, part, use="temporary", kind=kind, content_type=content_type)
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, name: file.id, "created_at": file.at}


async def get(call: Call) -> Any:
    """Give temporary media back, the same bytes; a video by its address."""
    account = tokens.account_call(call)
    query = read_query(call.query, GetQuery, {"media_id": 40007})
    file = find(call.box, account.appid, query.media_id, "temporary")
    if file is None:
        raise WxError(40007)
    return {"video_url": address(call, file)} if file.kind == "video" else attached(file)


async def get_jssdk(call: Call) -> Reply:
    """Give a voice back that a page recorded."""
    account = tokens.account_call(call)
    query = read_query(call.query, GetQuery, {"media_id": 40007})
    return attached(needed(call.box, account.appid, query.media_id, "voice", "temporary"))


async def upload_picture(call: Call) -> Any:
    """Take a picture for an article and give its address; it counts against no cap."""
    account = tokens.account_call(call, *UPLOAD_SETS)
    part = read_form(call)
    content_type = judge(part.data, "image")
    if content_type not in ("image/png", "image/jpeg"):
        raise WxError(40005)
    if len(part.data) >= MOST_PICTURE:
        raise WxError(40009)
    return {"url": address(call, store(call.box, account.appid, part, use="article", kind="image",
                                       content_type=content_type))}  # fmt: skip


async def upload_video(call: Call) -> Any:
    """Turn an uploaded video into one that may be sent to many."""
    account = tokens.account_call(call, *UPLOAD_SETS)
    body = read(call.body, UploadVideo, {"media_id": 40007})
    file = needed(call.box, account.appid, body.media_id, "video")
    file.title, file.introduction = body.title, body.description
    call.box.table(type(file)).put(file)
    return {"type": "video", "media_id": file.id, "created_at": call.box.clock.seconds()}


ERRORS = (40001, 41001, 42001, 61007)
ROUTES = (
    Route(
        API, "POST", "/cgi-bin/media/upload", upload, PAGE, DATE, UploadQuery,
        (*ERRORS, 40004, 40005, 40010, 40011, 40012, 41005, 44001, 45001, 45007),
    ),
    Route(API, "GET", "/cgi-bin/media/get", get, GET_PAGE, DATE, GetQuery, (*ERRORS, 40007)),
    Route(API, "GET", "/cgi-bin/media/get/jssdk", get_jssdk, GET_PAGE, DATE, GetQuery, (*ERRORS, 40007)),
    Route(
        API, "POST", "/cgi-bin/media/uploadimg", upload_picture, PICTURE_PAGE, DATE, None,
        (*ERRORS, 40005, 40009, 41005, 44001),
    ),
    Route(API, "POST", "/cgi-bin/media/uploadvideo", upload_video, VIDEO_PAGE, DATE, UploadVideo, (*ERRORS, 40007)),
    Route(PICTURES, "GET", "/{folder}/{key}/{size}", public, PICTURE_PAGE, DATE, journal=False),
    Route(VIDEOS, "GET", "/mp/videoplayer", public, GET_PAGE, DATE, journal=False),
)  # fmt: skip
