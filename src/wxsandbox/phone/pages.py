"""Serving the phone's pages, and the JS-SDK file as res.wx.qq.com does: the bridge, then WeChat's own, unmodified."""

from pathlib import Path
from urllib.parse import urlsplit

from wxsandbox import looks
from wxsandbox.errors import NotFound
from wxsandbox.http import HTML, Call, Reply, redirect
from wxsandbox.routes import Route

DIST = Path(__file__).parent / "dist"
RES = "res.wx.qq.com"
PAGE = "https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html"
DATE = "2026-09"
TYPES = {
    ".js": b"text/javascript; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".svg": b"image/svg+xml",
    ".png": b"image/png",
    ".webp": b"image/webp",
}
# The file of the npm package is a CommonJS module; WeChat's own sets the two globals by itself.
WRAP = b"\n;(function () {\nvar module = { exports: {} };\n%b\nwindow.wx = window.jWeixin = module.exports;\n})();\n"


async def root(call: Call) -> Reply:
    """Send who comes to the simulator's front door to the phone."""
    return redirect("/phone")


async def phone(call: Call) -> Reply:
    """Answer the phone's page: a person's phone on their host, elsewhere the choice of people."""
    index = DIST / "index.html"
    if not index.is_file():
        words = "手机页面还没有构建：运行 tongshang web build。 / The phone is not built yet: run tongshang web build."
        return looks.page("微信沙盒", f"<h1>微信沙盒</h1><p>{words}</p>", status=503)
    return Reply(200, index.read_bytes(), [HTML, (b"cache-control", b"no-cache")])


async def asset(call: Call) -> Reply:
    """Answer a built file; its name holds its digest, so it may be kept for ever. Raises NotFound."""
    file = (DIST / "assets" / call.params["name"]).resolve()
    kind = TYPES.get(file.suffix)
    if kind is None or not file.is_relative_to(DIST / "assets") or not file.is_file():
        raise NotFound(call.params["name"])
    return Reply(
        200, file.read_bytes(), [(b"content-type", kind), (b"cache-control", b"public, max-age=31536000, immutable")]
    )


async def sdk(call: Call) -> Reply:
    """Answer the JS-SDK file behind bridge and open tags; the bridge is told the simulator's port. Raises NotFound."""
    bridge, tags, own = DIST / "bridge.js", DIST / "opentags.js", DIST / "jweixin.js"
    if not (bridge.is_file() and tags.is_file() and own.is_file()):
        raise NotFound("the JS-SDK file comes with the built phone: run tongshang web build")
    port = str(urlsplit(call.box.url).port or "").encode()
    body = (
        bridge.read_bytes().replace(b"__SIMULATOR_PORT__", port) + b"\n;" + tags.read_bytes() + WRAP % own.read_bytes()
    )
    headers = [
        (b"content-type", TYPES[".js"]),
        (b"cache-control", b"no-cache"),
        # Pages may ask for scripts with crossorigin; the real host allows it too.
        (b"access-control-allow-origin", b"*"),
    ]
    return Reply(200, body, headers)


ROUTES = (
    Route("", "GET", "/", root, journal=False),
    Route("", "GET", "/phone", phone, journal=False),
    Route("", "GET", "/phone/", phone, journal=False),
    Route("", "GET", "/phone/assets/{name}", asset, journal=False),
    Route(RES, "GET", "/open/js/jweixin-1.6.0.js", sdk, PAGE, DATE, journal=False),
    Route(RES, "GET", "/open/js/jweixin-1.4.0.js", sdk, PAGE, DATE, journal=False),
)
