"""Drawing codes that are shown at the counter."""

import io

import segno


def qr(code: str) -> str:
    """Draw a code as an SVG document of its own: pages show it as a picture, which needs its namespace."""
    out = io.BytesIO()
    segno.make(code, micro=False).save(out, kind="svg", xmldecl=False, nl=False, scale=6, border=2)
    return out.getvalue().decode()
