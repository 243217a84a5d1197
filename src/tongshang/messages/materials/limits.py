"""What WeChat takes, kind by kind, so that a file is refused here before it is refused there.

https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/New_temporary_materials.html and
Adding_Permanent_Assets.html, read 2026-11. One line of the first page says 2 MB for pictures; the table says 10.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tongshang.messages.materials import sounds
from tongshang.platform.errors import Refused

READ_ON = date(2026, 11, 22)
MEGA = 1024 * 1024
MOST_VOICE_SECONDS = 60.0
MOST_ARTICLE_PICTURE = 1 * MEGA  # "below": a byte less
CAPS = {"image": 100_000, "voice": 1_000, "video": 1_000}
"""How many permanent materials an account may have; articles count among the pictures."""


class Kind(StrEnum):
    """The kinds of material."""

    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"


class Use(StrEnum):
    """What a file is at WeChat for."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    ARTICLE = "article"


@dataclass(frozen=True)
class Limit:
    """The most bytes of a kind, its formats, and WeChat's codes for the wrong size and the wrong format."""

    most_bytes: int
    formats: tuple[str, ...]
    size_code: int
    format_code: int = 40005


LIMITS = {
    Kind.IMAGE: Limit(10 * MEGA, ("image/jpeg", "image/png", "image/gif"), 40009),
    Kind.VOICE: Limit(2 * MEGA, ("audio/amr", "audio/mpeg"), 40010),
    Kind.VIDEO: Limit(10 * MEGA, ("video/mp4",), 40011),
}
ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "audio/amr": "amr", "audio/mpeg": "mp3",
    "video/mp4": "mp4",
}  # fmt: skip


class WrongFormat(Refused):
    """WeChat takes {formats} here ({errcode})."""

    code, status, zh = "material.format", 415, "微信在此只接受 {formats} 格式（{errcode}）。"


class FileTooLarge(Refused):
    """The file is too large: at most {most_mb} MB ({errcode})."""

    code, status, zh = "material.too_large", 413, "文件过大：不能超过 {most_mb} MB（{errcode}）。"


class VoiceTooLong(Refused):
    """The voice plays {seconds} seconds; WeChat takes at most 60 (45007)."""

    code, status, zh = "material.too_long", 400, "语音长 {seconds} 秒，微信最多接受 60 秒（45007）。"


class EmptyFile(Refused):
    """The file is empty (44001)."""

    code, status, zh = "material.empty", 400, "文件是空的（44001）。"


def format_of(data: bytes) -> str:
    """Say what a file is by its first bytes; empty if it is nothing WeChat takes."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if data[4:8] == b"ftyp":
        return "video/mp4"
    return sounds.format_of(data)


def check(data: bytes, kind: Kind) -> tuple[str, float | None]:
    """Check a file; give its content type, and how many seconds a voice plays. Raises what WeChat would say."""
    limit = LIMITS[kind]
    if not data:
        raise EmptyFile
    found = format_of(data)
    if found not in limit.formats:
        names = "、".join(ENDINGS[one].upper() for one in limit.formats)
        raise WrongFormat(formats=names, errcode=limit.format_code)
    if len(data) > limit.most_bytes:
        raise FileTooLarge(most_mb=limit.most_bytes // MEGA, errcode=limit.size_code)
    seconds = sounds.seconds(data) if kind is Kind.VOICE else None
    if seconds is not None and seconds > MOST_VOICE_SECONDS:
        raise VoiceTooLong(seconds=round(seconds))
    return found, seconds
