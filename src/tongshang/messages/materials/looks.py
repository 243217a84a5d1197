"""Pictures made fit for WeChat: turned upright, without what a camera writes into them, small enough for their use.

Slow: call these in a thread.
"""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from tongshang.media.encode import MAX_PIXELS, NotAPicture, PictureTooLarge

KEPT = ("PNG", "GIF")
QUALITIES = (88, 80, 70)
SMALLEST, THUMB = 200, 300


def cleaned(data: bytes) -> bytes:
    """Re-encode a picture: PNG stays PNG, a moving GIF stays as it is, all else becomes JPEG."""
    picture, kind = _opened(data)
    if kind == "GIF":
        return data
    return _png(picture) if kind == "PNG" else _jpeg(picture, QUALITIES[0])


def below(data: bytes, most: int) -> bytes:
    """Make a picture for an article, JPEG or PNG of fewer bytes than `most`: by quality first, then by width."""
    picture, kind = _opened(data)
    if kind == "PNG" and len(made := _png(picture)) < most:
        return made
    while True:
        for quality in QUALITIES:
            if len(made := _jpeg(picture, quality)) < most or picture.width <= SMALLEST:
                return made
        picture = picture.resize((picture.width * 3 // 4, max(1, picture.height * 3 // 4)), Image.Resampling.LANCZOS)


def thumb(data: bytes) -> bytes:
    """Make the small picture of a piece of music: JPEG, far below WeChat's 64 KB."""
    picture, _ = _opened(data)
    picture.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS)
    return _jpeg(picture, QUALITIES[-1])


def _opened(data: bytes) -> tuple[Image.Image, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise PictureTooLarge
                kind = opened.format or ""
                return ImageOps.exif_transpose(opened).copy(), kind
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureTooLarge from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise NotAPicture from None


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        # What is transparent is white on a phone.
        ground = Image.new("RGBA", picture.size, "#fff")
        ground.alpha_composite(picture.convert("RGBA"))
        picture = ground
    picture.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()
