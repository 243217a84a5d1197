"""Turning what somebody uploaded into pictures of our own making: decoded, turned upright, stripped, re-encoded.

Nothing of the upload's bytes survives: no EXIF, no profile, no trailing script. SVG is not a picture here.
"""

import io
import struct
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from tongshang.platform.errors import Refused

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
MAX_SIDE = 16_383
"""The longest side a WebP file can have; longer pictures are made to fit."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
QUALITY = 82
JPEG_QUALITY = 85
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class NotAPicture(Refused):
    """This is not a picture we can read. Use JPEG, PNG or WebP."""

    code, status, zh = "media.not_a_picture", 415, "无法识别该图片，请使用 JPG、PNG 或 WebP 格式。"


class PictureTooLarge(Refused):
    """The picture is too large: at most 10 MB and 40 megapixels."""

    code, status, zh = "media.too_large", 413, "图片过大：不能超过 10 MB、4000 万像素。"


def encode(data: bytes, widths: tuple[int, ...]) -> tuple[int, int, dict[int, bytes]]:
    """Re-encode a picture as WebP in several widths (never enlarged); give its own size and the files.

    Raises NotAPicture or PictureTooLarge. Slow: call it in a thread.
    """
    if len(data) > MAX_BYTES:
        raise PictureTooLarge
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise PictureTooLarge
                upright = _upright(opened)
                picture = upright.convert("RGBA" if _transparent(upright) else "RGB")
                picture.thumbnail((MAX_SIDE, MAX_SIDE))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureTooLarge from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise NotAPicture from None
    # Widths beyond the picture's own come to the same file: it is made once.
    made = {width: _webp(picture, width) for width in {min(width, picture.width) for width in widths}}
    return picture.width, picture.height, {width: made[min(width, picture.width)] for width in widths}


def _upright(picture: Image.Image) -> Image.Image:
    """Turn a picture as its camera was held; where that is written in a way nobody can read, leave it as it lies."""
    try:
        return ImageOps.exif_transpose(picture)
    except (struct.error, TypeError, LookupError, ArithmeticError):
        return picture


def _transparent(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def _webp(picture: Image.Image, width: int) -> bytes:
    if picture.width > width:
        height = max(1, round(picture.height * width / picture.width))
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


def jpeg(webp: bytes, *, width: int = MAX_SIDE) -> bytes:
    """Turn one of our own files into a JPEG on white, for WeChat, which takes no WebP. Slow: call it in a thread."""
    with Image.open(io.BytesIO(webp), formats=("WEBP",)) as opened:
        picture = Image.new("RGB", opened.size, "white")
        picture.paste(opened, mask=opened if opened.mode == "RGBA" else None)
    picture.thumbnail((width, width * 4))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()
