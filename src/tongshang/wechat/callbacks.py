"""WeChat's own doors: messages of accounts, events of the platform, and the way back from an authorization page.

The two addresses that WeChat posts to are bare ASGI: the shorter the path to `success`, the more of them fit.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeAlias
from urllib.parse import parse_qsl
from uuid import UUID

from litestar import Response, asgi, get
from litestar.enums import MediaType
from litestar.types import HTTPScope, Receive, Send

from tongshang.platform.errors import NotFound, Refused
from tongshang.platform.ids import NIL
from tongshang.platform.web import AnyRequest, world_of
from tongshang.platform.world import Seam, World
from tongshang.wechat import accounts, components, pages
from tongshang.wechat.authorization import grants, notices, own, promises, release
from tongshang.wechat.inbox import addresses, keep
from tongshang.wechat.inbox.addresses import Address
from tongshang.wechat.inbox.verify import Forged, Strange, is_sealed, read_body, verified
from tongshang.wechat.journal import entries
from tongshang.wechat.registering import requests
from weixin import messages, replies
from weixin.callbacks import Push
from weixin.errors import WeixinError
from weixin.products.open import release_test
from weixin.signing import check_url_signature

MESSAGES = re.compile(r"/(?P<component>[0-9A-Za-z]+)/messages/(?P<appid>[0-9A-Za-z]+)/?")
Responder: TypeAlias = Callable[[World, UUID, Push], Awaitable[bytes | None]]
RESPONDERS: Seam[Responder] = Seam("wechat.responders")
"""Who may answer a message on the spot, with the XML of `weixin.replies`; the first answer counts."""


@asgi("/wechat/messages", is_mount=True, copy_scope=False)
async def account_messages(scope: HTTPScope, receive: Receive, send: Send) -> None:
    """Take a message or event of an account: verified, stored, then answered."""
    await _account_message(scope, receive, send, _part(scope, "/{}/"), None)


@asgi("/wechat/component", is_mount=True, copy_scope=False)
async def component_events(scope: HTTPScope, receive: Receive, send: Send) -> None:
    """Take a platform's own events (tickets, accounts that come and go), or messages sent to its own address."""
    if found := MESSAGES.fullmatch(scope["path"]):
        return await _account_message(scope, receive, send, found["appid"], found["component"])
    world: World = scope["litestar_app"].state.world
    appid = _part(scope, "/{}/ticket/")
    query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    if scope["method"] == "GET":
        address = await addresses.of_component(world, appid)
        return await _answer(send, _echo(world, address, query))
    body = await read_body(scope, receive)
    _, push = await verified(world, lambda fresh: addresses.of_component(world, appid, fresh=fresh), query, body)
    merchant = await _component_event(world, appid, push)
    async with world.tx(merchant) as tx:
        about = str(push.fields.get("AuthorizerAppid") or appid)
        at = datetime.fromtimestamp(push.message.created_at, UTC)
        entry = entries.Entry(UUID(hex=push.dedupe_key), at, about, push.kind, "", "received", raw=push.raw_xml)
        await entries.record(tx, [entry])
    return await _answer(send, replies.SUCCESS)


async def _account_message(scope: HTTPScope, receive: Receive, send: Send, appid: str, component: str | None) -> None:
    world: World = scope["litestar_app"].state.world
    query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    if scope["method"] == "GET":
        return await _answer(send, await _verification(world, appid, component, query))
    body = await read_body(scope, receive)
    if appid in release_test.ACCOUNTS:
        return await _answer(send, await _release_test(world, appid, component, query, body))
    address, push = await verified(
        world, lambda fresh: addresses.of_account(world, appid, component=component, fresh=fresh), query, body
    )
    openid = push.message.openid if isinstance(push.message, messages.Said) else ""
    await keep.keep(world, keep.Pushed(UUID(hex=push.dedupe_key), appid, push.kind, openid, push.raw_xml))
    return await _answer(send, await _reply(world, address, push, query))


async def _verification(world: World, appid: str, component: str | None, query: dict[str, str]) -> bytes:
    """Answer WeChat's look at an address that is being saved, and remember it of an own account."""
    address = await addresses.of_account(world, appid, component=component, fresh=True)
    echo = _echo(world, address, query)
    if _signed(address.token, query):
        async with world.tx(address.merchant) as tx:
            await own.verified(tx, appid=appid)
    return echo


async def _release_test(world: World, appid: str, component: str | None, query: dict[str, str], body: bytes) -> bytes:
    """Take a question of WeChat's release test; at the address that components share, whose keys fit says which."""
    known = [component] if component else await components.appids(world)
    for last, candidate in ((one == known[-1], one) for one in known):
        try:
            address, push = await verified(world, _keys_of(world, candidate), query, body, strange=not last)
        except Strange:
            continue
        reply = await release.answer(world, component=candidate, appid=appid, push=push)
        return _sealed(world, address, push, reply, query) if reply else b""
    raise NotFound


def _keys_of(world: World, component: str) -> Callable[[bool], Awaitable[Address]]:
    return lambda fresh: addresses.of_component(world, component, fresh=fresh)


async def _component_event(world: World, component: str, push: Push) -> UUID:
    """Act on an event of the platform; give the merchant it is about."""
    message = push.message
    if isinstance(message, messages.Ticket):
        await components.receive_ticket(world, appid=component, ticket=message.ticket, created_at=message.created_at)
    elif isinstance(message, messages.Authorized):
        async with world.system_tx() as tx:
            # A change of grants names an account we know; a first authorization, the code we asked for.
            merchant = await promises.whose(tx, code=message.pre_auth_code) if message.pre_auth_code else None
            merchant = merchant or await accounts.owner(tx, appid=message.appid)
        if merchant is not None:
            async with world.tx(merchant) as tx:
                await grants.keep(tx, component=component, code=message.code, appid=message.appid)
            return merchant
    elif isinstance(message, messages.Unauthorized):
        withdrawn = grants.withdraw(world, component=component, appid=message.appid, created_at=message.created_at)
        return await withdrawn or NIL
    elif isinstance(message, messages.OtherInfo):
        async with world.tx(NIL) as tx:
            said = await notices.keep(tx, component=component, push=push)
        return await requests.told(world, component=component, said=said) or NIL
    return NIL


@get("/wechat/authorized", operation_id="authorized", media_type=MediaType.HTML, include_in_schema=False)
async def authorized(request: AnyRequest) -> Response[str]:
    """Bring the administrator back from WeChat's page; the push may have been here first."""
    world = world_of(request)
    state, auth_code = (request.query_params.get(name, "") for name in ("state", "auth_code"))
    try:
        merchant, promise_id = promises.read_state(state)
        async with world.tx(merchant) as tx:
            component = await promises.check_state(tx, promise_id=promise_id, state=state)
            grant = await grants.keep(tx, component=component, code=auth_code, appid=None) if auth_code else None
        outcome = str(await grants.complete(world, merchant, grant)) if grant else "cancelled"
    except promises.UnknownState:
        return pages.outcome(world, "unknown")
    except (WeixinError, Refused):
        outcome = "later"  # the code is kept, and a job goes on trying
    return pages.outcome(world, outcome)


@get("/wechat/authorization", operation_id="launch", media_type=MediaType.HTML, include_in_schema=False)
async def launch(request: AnyRequest) -> Response[str]:
    """Lead to WeChat's page for computers, which opens from our domain alone."""
    world = world_of(request)
    state = request.query_params.get("state", "")
    try:
        merchant, promise_id = promises.read_state(state)
        async with world.tx(merchant) as tx:
            links = await promises.launched(tx, promise_id=promise_id, state=state)
    except promises.UnknownState:
        links = None
    return pages.outcome(world, "unknown") if links is None else pages.launch(links)


def _part(scope: HTTPScope, shape: str) -> str:
    """Take the AppID out of the rest of the path; anything else is nowhere."""
    head, _, tail = shape.partition("{}")
    path = scope["path"]
    appid = path[len(head) : len(path) - len(tail)]
    if not path.endswith(tail) or not appid.isalnum():
        raise NotFound
    return appid


def _echo(world: World, address: Address, query: dict[str, str]) -> bytes:
    if not any(_signed(token, query) for token in address.tokens(world.clock.now())):
        raise Forged
    return query.get("echostr", "").encode()


def _signed(token: str, query: dict[str, str]) -> bool:
    return check_url_signature(token, **{name: query.get(name, "") for name in ("signature", "timestamp", "nonce")})


async def _reply(world: World, address: Address, push: Push, query: dict[str, str]) -> bytes:
    for responder in world.at(RESPONDERS):
        reply = await responder(world, address.merchant, push)
        if reply is not None:
            return _sealed(world, address, push, reply, query)
    return replies.SUCCESS


def _sealed(world: World, address: Address, push: Push, reply: bytes, query: dict[str, str]) -> bytes:
    """Encrypt a reply, unless the question came in clear."""
    if address.plain and not is_sealed(query):
        return reply
    return replies.seal_reply(
        address.crypt,
        reply,
        timestamp=int(world.clock.now().timestamp()),
        nonce=query.get("nonce", ""),
        random16=world.rng.randbytes(16),
        previous=push.previous_key,
        previous_token=push.previous_token,
    )


async def _answer(send: Send, body: bytes) -> None:
    kind = b"text/xml; charset=utf-8" if body[:1] == b"<" else b"text/plain; charset=utf-8"
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


public = [account_messages, component_events, authorized, launch]
