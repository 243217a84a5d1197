"""The pages: the console's and the store's single-page applications, with their hashed files."""

import re
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import msgspec
from litestar import Response, get
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from tongshang.app import webbuild
from tongshang.platform.addresses import store_base
from tongshang.platform.errors import NotFound
from tongshang.platform.web import AnyRequest, world_of
from tongshang.platform.world import World
from tongshang.storefront.routes import boot_of
from tongshang.tenancy import merchants
from tongshang.wechat.inbox.addresses import of_account

VERIFICATION = re.compile(r"[A-Za-z0-9_-]{1,80}\.txt")
FRAME = "frame-ancestors {}; base-uri 'self'; form-action 'self'; object-src 'none'"
CACHE = {"cache-control": "public, max-age=31536000, immutable"}


def _page(
    app: str, *, file: str = "index.html", head: str = "", title: str = "", frames: str = "'none'"
) -> Response[bytes]:
    index = webbuild.dist(app) / file
    if not index.exists():
        return Response(webbuild.building_page(), media_type="text/html", status_code=503, headers={"retry-after": "3"})
    html = index.read_text()
    if head:
        html = html.replace("<!--boot-->", head)
    if title:
        before, _, rest = html.partition("<title>")
        html = f"{before}<title>{title}{rest[rest.index('</title>') :]}"
    headers = {"cache-control": "no-store", "content-security-policy": FRAME.format(frames)}
    return Response(html.encode(), media_type="text/html", headers=headers)


@get(
    ["/console", "/console/{rest:path}", "/staff", "/staff/{rest:path}"],
    include_in_schema=False,
    operation_id="console_page",
)
async def console_page(request: AnyRequest, rest: str | None = None) -> Response[bytes]:
    """Open the console, or the assistants' phone pages: a light page of its own in the same build."""
    return _page("console", file="staff.html" if request.url.path.startswith("/staff") else "index.html")


@get(["/s/{shop:str}", "/s/{shop:str}/"], include_in_schema=False, operation_id="store_page")
async def store_page(request: AnyRequest, shop: str) -> Response[bytes]:
    """Open a shop: the store's page with everything its first screen needs, in one answer."""
    world = world_of(request)
    boot = await boot_of(world, shop)
    own = urlsplit(store_base(world.settings, boot.appid))
    if world.settings.store_url and boot.appid and request.headers.get("host", "").lower() != own.netloc:
        # Links may name the public host; the store's own is where its sessions live.
        there = urlunsplit((own.scheme, own.netloc, f"/s/{shop}/", request.url.query, ""))
        return Response(b"", status_code=302, headers={"location": there, "cache-control": "no-store"})
    # In a script element only "</" and line separators are dangerous; JSON has no other way out.
    data = msgspec.json.encode(boot).decode().replace("<", "\\u003c").replace("\u2028", "\\u2028")
    frames = "'self' " + world.settings.console_url if not world.settings.local else "*"
    name = str(boot.shop["name"])
    title = name.replace("&", "&amp;").replace("<", "&lt;")
    return _page("store", head=f"<script>window.__BOOT__={data}</script>", title=title, frames=frames)


@get("/{name:str}", include_in_schema=False, operation_id="verification_file")
async def verification_file(request: AnyRequest, name: str) -> Response[bytes]:
    """Serve the files by which WeChat proves a domain ours: what the provider put into var/verify, nothing else."""
    if not VERIFICATION.fullmatch(name):
        raise NotFound
    file = world_of(request).settings.var / "verify" / name
    if not file.is_file():
        raise NotFound
    return Response(file.read_bytes(), media_type="text/plain")


@get("/", include_in_schema=False, operation_id="root", sync_to_thread=False)
def root() -> Response[None]:
    """Lead to the console."""
    return Response(None, status_code=302, headers={"location": "/console/"})


async def sells(world: World, appid: str, shop: str) -> bool:
    """Say whether an account belongs to the merchant of a shop; both are remembered, so this costs no query."""
    try:
        return (await of_account(world, appid)).merchant == await merchants.by_slug(world, shop)
    except NotFound:
        return False


def routes() -> list[ControllerRouterHandler]:
    """List the pages and the folders of their files."""
    statics: list[ControllerRouterHandler] = []
    for app in ("console", "store"):
        folder: Path = webbuild.dist(app)
        folder.mkdir(parents=True, exist_ok=True)
        statics.append(
            create_static_files_router(
                path=f"/static/{app}", directories=[folder], include_in_schema=False, after_request=_keep_for_ever
            )
        )
    return [console_page, store_page, root, verification_file, *statics]


def _keep_for_ever(response: Response[bytes]) -> Response[bytes]:
    response.headers.update(CACHE)
    return response
