"""Pictures drawn by code: avatars and QR codes."""

import io
from html import escape

import segno

from wxsandbox.http import Reply
from wxsandbox.people import Person


def avatar_svg(person: Person) -> Reply:
    """Draw a person's picture: the first character of the nickname on their colour."""
    letter = escape((person.nickname or person.id)[:1])
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" rx="12" '
        f'fill="{person.color}"/><text x="48" y="63" font-size="44" text-anchor="middle" fill="#fff" '
        f'font-family="system-ui,PingFang SC,Microsoft YaHei,sans-serif">{letter}</text></svg>'
    )
    return Reply(200, svg.encode(), [(b"content-type", b"image/svg+xml"), (b"cache-control", b"max-age=60")])


def qr_svg(words: str) -> str:
    """Draw a QR code as inline SVG that fills its box."""
    out = io.BytesIO()
    segno.make(words, error="m").save(out, kind="svg", border=2, xmldecl=False, omitsize=True)
    return out.getvalue().decode()


def qr_png(words: str, *, scale: int = 8) -> bytes:
    """Draw a QR code as PNG."""
    out = io.BytesIO()
    segno.make(words, error="m").save(out, kind="png", scale=scale, border=3)
    return out.getvalue()
