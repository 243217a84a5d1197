"""Files as WeChat takes them: a multipart form read, the bytes judged by what they are, and where they live.

Official page: developers.weixin.qq.com/doc/offiaccount/Asset_Management/New_temporary_materials.html, 2026-09.
"""

import re
from typing import TYPE_CHECKING

import msgspec

from wxsandbox.errors import WxError
from wxsandbox.http import Call, Reply

if TYPE_CHECKING:
    from wxsandbox.box import Box

BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^;\s]+))')
NAME = re.compile(r'\bname="?([^";\r\n]*)')
FILENAME = re.compile(r'\bfilename="?([^";\r\n]*)')
PICTURES = "mmbiz.qpic.cn"
VIDEOS = "mp.weixin.qq.com"
DAYS_3 = 3 * 86_400
MEGA = 1024 * 1024
# Per kind: the most bytes, what the bytes may be, and the codes for a wrong size and a wrong format.
KINDS: dict[str, tuple[int, tuple[str, ...], int, int]] = {
    "image": (10 * MEGA, ("png", "jpeg", "gif", "bmp"), 40009, 40005),
    "voice": (2 * MEGA, ("amr", "mp3"), 40010, 40005),
    "video": (10 * MEGA, ("mp4",), 40011, 40005),
    "thumb": (64 * 1024, ("jpeg",), 40012, 40005),
}
TYPES = {
    "png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp", "amr": "audio/amr",
    "mp3": "audio/mpeg", "mp4": "video/mp4",
}  # fmt: skip
MOST_VOICE_SECONDS = 60
# Bytes of one 20 ms frame of AMR-NB by its type, its header byte counted in.
AMR_FRAMES = (13, 14, 16, 18, 20, 21, 27, 32, 6)


class StoredFile(msgspec.Struct, kw_only=True):
    """A file an account uploaded; `use`: temporary (three days), permanent, or article (a picture in a text)."""

    id: str  # the media id; for pictures of articles their key
    seq: int
    appid: str
    use: str
    kind: str
    name: str
    content_type: str
    data: bytes
    at: int
    key: str = ""  # names the file in addresses
    title: str = ""
    introduction: str = ""


class Part(msgspec.Struct):
    """One file of a form."""

    name: str
    data: bytes
    fields: dict[str, str]


def read_form(call: Call, part: str = "media") -> Part:
    """Read the file of a multipart form and its other fields; raises 41005 without one, 44001 for an empty one."""
    mark = BOUNDARY.search(call.headers.get("content-type", ""))
    if mark is None:
        raise WxError(41005)
    found: tuple[str, bytes] | None = None
    fields: dict[str, str] = {}
    for piece in (b"\r\n" + call.body).split(b"\r\n--" + (mark[1] or mark[2]).encode())[1:]:
        head, _, data = piece.partition(b"\r\n\r\n")
        words = head.decode("utf-8", "replace")
        file, name = FILENAME.search(words), NAME.search(words)
        if file is not None or (name and name[1] == part):
            found = found or (file[1] if file else "", data)
        elif name:
            fields[name[1]] = data.decode("utf-8", "replace")
    if found is None:
        raise WxError(41005)
    if not found[1]:
        raise WxError(44001)
    return Part(found[0], found[1], fields)


def format_of(data: bytes) -> str:
    """Say what a file is by its first bytes; empty if it is nothing WeChat knows."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if data.startswith(b"BM"):
        return "bmp"
    if data.startswith(b"#!AMR\n"):
        return "amr"
    if data.startswith(b"ID3") or (len(data) > 1 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2):
        return "mp3"
    return "mp4" if data[4:8] == b"ftyp" else ""


def judge(data: bytes, kind: str) -> str:
    """Check a file against the limits of its kind; give its content type. Raises 40004, 45001, 40005, 45007."""
    if kind not in KINDS:
        raise WxError(40004)
    most, formats, size_code, format_code = KINDS[kind]
    found = format_of(data)
    if found not in formats:
        raise WxError(format_code)
    if len(data) > most:
        raise WxError(size_code if kind != "image" else 45001)
    if found == "amr" and amr_seconds(data) > MOST_VOICE_SECONDS:
        raise WxError(45007)
    return TYPES[found]


def amr_seconds(data: bytes) -> float:
    """Count how long an AMR file plays."""
    at, frames = 6, 0
    while at < len(data):
        kind = (data[at] >> 3) & 15
        at += AMR_FRAMES[kind] if kind < len(AMR_FRAMES) else 1
        frames += 1
    return frames / 50


def store(box: "Box", appid: str, part: Part, *, use: str, kind: str, content_type: str) -> StoredFile:
    """Keep a file under a new media id."""
    seq = box.state.next("media")
    # Permanent ids are longer than temporary ones, and are told apart by nothing else.
    return box.state.table(StoredFile).put(
        StoredFile(
            id=box.dice.text(43 if use == "permanent" else 64), seq=seq, appid=appid, use=use, kind=kind,
            name=part.name[:120], content_type=content_type, data=part.data, at=box.clock.seconds(),
            key=box.dice.text(64),
        )
    )  # fmt: skip


def find(box: "Box", appid: str, media_id: str, *uses: str) -> StoredFile | None:
    """Find an account's file that is still there: temporary ones end after three days."""
    file = box.state.table(StoredFile).get(media_id)
    if file is None or file.appid != appid or (uses and file.use not in uses):
        return None
    if file.use == "temporary" and file.at + DAYS_3 <= box.clock.now():
        return None
    return file


def needed(box: "Box", appid: str, media_id: str, kind: str, *uses: str) -> StoredFile:
    """Find a file of a kind; raises 40007."""
    file = find(box, appid, media_id, *uses)
    if file is None or file.kind != kind:
        raise WxError(40007)
    return file


def address(call: Call, file: StoredFile) -> str:
    """Write the public address of a file."""
    if file.kind == "video":
        return call.url(VIDEOS, f"/mp/videoplayer?vid={file.key}")
    format_ = file.content_type.partition("/")[2]
    # WeChat's own is http; pages of ours may be either.
    return call.url(PICTURES, f"/mmbiz_{format_}/{file.key}/0?wx_fmt={format_}")


def attached(file: StoredFile) -> Reply:
    """Answer a file for download."""
    name = re.sub(r"[^\w.\-]", "_", file.name, flags=re.ASCII) or "file"
    return Reply(
        200, file.data,
        [
            (b"content-type", file.content_type.encode()),
            (b"content-disposition", f'attachment; filename="{name}"'.encode()),
        ],
    )  # fmt: skip


async def public(call: Call) -> Reply:
    """Serve a file at its public address, to whoever has it."""
    key = call.params.get("key") or call.query.get("vid", "")
    found = call.box.state.table(StoredFile).by("key", key) if key else []
    if not found:
        return Reply(404)
    headers = [(b"content-type", found[0].content_type.encode()), (b"cache-control", b"public, max-age=2592000")]
    return Reply(200, found[0].data, headers)
