"""Small files of every kind that WeChat takes, made by code."""

import io

from PIL import Image


def picture(color: str = "#588157", size: tuple[int, int] = (64, 48), kind: str = "PNG") -> bytes:
    """Make a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind)
    return out.getvalue()


def amr(seconds: float = 1.0) -> bytes:
    """Make a silent AMR of a length: frames of 12.2 kbit/s, 20 ms each."""
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * int(seconds * 50)


def mp3(seconds: float = 1.0) -> bytes:
    """Make a silent MP3 of a length: MPEG-1 layer III, 128 kbit/s, 44.1 kHz."""
    return (b"\xff\xfb\x90\x00" + bytes(413)) * int(seconds * 44_100 / 1152)


def mp4(size: int = 2_000) -> bytes:
    """Make something that begins like an MP4."""
    return b"\x00\x00\x00\x18ftypmp42" + bytes(size)
