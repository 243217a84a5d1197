"""Temporary media, and pictures for articles.

https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/New_temporary_materials.html (2026-11). What is
uploaded here lives three days; pictures of articles live for ever and count against no cap.
"""

from dataclasses import dataclass

from weixin.client import Client
from weixin.errors import Unreachable
from weixin.multipart import File
from weixin.tokens import text
from weixin.transport import Answer


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Temporary media: its id, and when WeChat took it (unix seconds); gone three days later."""

    media_id: str
    created_at: int


async def upload(client: Client, *, token: str, kind: str, file: File) -> Uploaded:
    """Upload an `image`, `voice`, `video` or `thumb` for three days (POST /cgi-bin/media/upload).

    Raises WeixinError 40004 kind, 40005 format, 40006 size, 45001 too large, 40009 to 40012 by kind.
    """
    answer = await client.upload("/cgi-bin/media/upload", file, token=token, params={"type": kind})
    # A thumb comes under a name of its own.
    name = "thumb_media_id" if answer.get("thumb_media_id") else "media_id"
    return Uploaded(text(answer, name), int(answer.get("created_at") or 0))


async def get(client: Client, *, token: str, media_id: str) -> Answer | str:
    """Fetch temporary media: the file, or the address of a video (GET /cgi-bin/media/get); 40007 when it is gone."""
    answer = await client.download("GET", "/cgi-bin/media/get", token=token, params={"media_id": media_id})
    return answer if isinstance(answer, Answer) else text(answer, "video_url")


async def upload_picture(client: Client, *, token: str, file: File) -> str:
    """Upload a picture for the body of an article, JPEG or PNG below 1 MB; give its address (40005, 40009)."""
    return text(await client.upload("/cgi-bin/media/uploadimg", file, token=token), "url")


async def upload_video(client: Client, *, token: str, media_id: str, title: str, description: str) -> Uploaded:
    """Turn an uploaded video into one that may be sent to many (POST /cgi-bin/media/uploadvideo)."""
    body = {"media_id": media_id, "title": title, "description": description}
    answer = await client.post("/cgi-bin/media/uploadvideo", body, token=token)
    if not answer.get("media_id"):
        raise Unreachable("the answer names no media_id")
    return Uploaded(text(answer, "media_id"), int(answer.get("created_at") or 0))
