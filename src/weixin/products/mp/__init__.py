"""Accounts: own token, web OAuth (own or through the component), JS-SDK tickets, fans, menu, codes, messages.

https://developers.weixin.qq.com/doc/offiaccount/ (2026-11). `token` is the account's access token, whether bought
with its secret or refreshed by a third-party platform.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from weixin.client import Client
from weixin.tokens import Token, text, token

BASE_SCOPE, PROFILE_SCOPE = "snsapi_base", "snsapi_userinfo"


@dataclass(frozen=True, slots=True)
class WebSession:
    """Who came through OAuth, and a token of theirs (not the account's)."""

    openid: str
    unionid: str | None
    scope: str
    access_token: Token
    refresh_token: str | None = field(repr=False)
    # WeChat's "snapshot page" sends a virtual person: never a fan, never a customer.
    is_snapshot: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person chose to show; sex and place have been empty since 2021."""

    openid: str
    unionid: str | None
    nickname: str
    head_img_url: str


@dataclass(frozen=True, slots=True)
class Follower:
    """What the account may know of a person; only `openid` and `subscribed` when they do not follow."""

    openid: str
    unionid: str | None
    subscribed: bool
    subscribed_at: int | None
    scene: str | None
    qr_scene: str | None


@dataclass(frozen=True, slots=True)
class SceneCode:
    """A QR code of the account: the picture's ticket and the text inside it."""

    ticket: str
    url: str
    expire_seconds: int | None


async def access_token(client: Client, *, appid: str, secret: str) -> Token:
    """Buy an own account's token (GET /cgi-bin/token); the previous one lives five minutes more."""
    params = {"grant_type": "client_credential", "appid": appid, "secret": secret}
    return token(await client.get("/cgi-bin/token", params=params))


async def stable_token(client: Client, *, appid: str, secret: str, force_refresh: bool = False) -> Token:
    """Buy an own account's stable token: the same until its last five minutes, unless forced."""
    body = {
        "grant_type": "client_credential",
        "appid": appid,
        "secret": secret,
        "force_refresh": force_refresh,
    }
    return token(await client.post("/cgi-bin/stable_token", body))


def oauth_url(
    open_base: str,
    *,
    appid: str,
    redirect_uri: str,
    state: str,
    scope: str = BASE_SCOPE,
    component: str | None = None,
    force_popup: bool = False,
) -> str:
    """Make the page a person is sent to; WeChat checks the order of the parameters, so it is fixed."""
    pairs = [
        ("appid", appid),
        ("redirect_uri", redirect_uri),
        ("response_type", "code"),
        ("scope", scope),
        ("state", state),
    ]
    if force_popup:
        pairs.append(("forcePopup", "true"))
    if component is not None:
        pairs.append(("component_appid", component))
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)
    return f"{open_base.rstrip('/')}/connect/oauth2/authorize?{query}#wechat_redirect"


async def oauth_token(client: Client, *, appid: str, secret: str, code: str) -> WebSession:
    """Exchange an OAuth code, once, within five minutes; 40029 never issued, 40163 used."""
    params = {"appid": appid, "secret": secret, "code": code, "grant_type": "authorization_code"}
    return _session(await client.get("/sns/oauth2/access_token", params=params))


async def component_oauth_token(
    client: Client, *, appid: str, code: str, component: str, component_token: str
) -> WebSession:
    """Exchange an OAuth code of an account that authorized the platform."""
    params = {
        "appid": appid,
        "code": code,
        "grant_type": "authorization_code",
        "component_appid": component,
        "component_access_token": component_token,
    }
    return _session(await client.get("/sns/oauth2/component/access_token", params=params))


async def userinfo(client: Client, *, web_token: str, openid: str, lang: str = "zh_CN") -> Profile:
    """Read the profile of a person who agreed (snsapi_userinfo); 48001 with the silent scope."""
    answer = await client.get("/sns/userinfo", token=web_token, params={"openid": openid, "lang": lang})
    return Profile(
        openid=text(answer, "openid"),
        unionid=answer.get("unionid") or None,
        nickname=str(answer.get("nickname") or ""),
        head_img_url=str(answer.get("headimgurl") or ""),
    )


async def jsapi_ticket(client: Client, *, token: str, kind: str = "jsapi") -> Token:
    """Get the ticket that signs pages for wx.config (or `wx_card`); quota-limited, so keep it."""
    answer = await client.get("/cgi-bin/ticket/getticket", token=token, params={"type": kind})
    return _ticket(answer)


async def qrcode_create(client: Client, *, token: str, scene: str, expire_seconds: int | None = None) -> SceneCode:
    """Make a code for a scene of 1 to 64 characters: permanent (100 000 in all), or for up to 30 days."""
    body: dict[str, Any] = {
        "action_name": "QR_LIMIT_STR_SCENE" if expire_seconds is None else "QR_STR_SCENE",
        "action_info": {"scene": {"scene_str": scene}},
    }
    if expire_seconds is not None:
        body["expire_seconds"] = expire_seconds
    answer = await client.post("/cgi-bin/qrcode/create", body, token=token)
    return SceneCode(text(answer, "ticket"), text(answer, "url"), answer.get("expire_seconds"))


def qrcode_image_url(mp_base: str, ticket: str) -> str:
    """Give the address of a code's picture; it needs no token."""
    return f"{mp_base.rstrip('/')}/cgi-bin/showqrcode?ticket={quote(ticket, safe='')}"


async def menu_create(client: Client, *, token: str, buttons: Sequence[Mapping[str, Any]]) -> None:
    """Replace the menu: at most three buttons with at most five below each; phones see it within minutes."""
    await client.post("/cgi-bin/menu/create", {"button": list(buttons)}, token=token)


async def menu_delete(client: Client, *, token: str) -> None:
    """Remove the menu."""
    await client.get("/cgi-bin/menu/delete", token=token)


async def custom_send(client: Client, *, token: str, openid: str, kind: str, content: Mapping[str, Any]) -> None:
    """Send a customer-service message, as {"touser", "msgtype": kind, kind: content}.

    45015: outside the window after the person's last act; 45047: its count is used up.
    """
    body = {"touser": openid, "msgtype": kind, kind: dict(content)}
    await client.post("/cgi-bin/message/custom/send", body, token=token)


async def user_info(client: Client, *, token: str, openid: str, lang: str = "zh_CN") -> Follower:
    """Read whether a person follows, since when and through which scene (GET /cgi-bin/user/info)."""
    answer = await client.get("/cgi-bin/user/info", token=token, params={"openid": openid, "lang": lang})
    return Follower(
        openid=text(answer, "openid"),
        unionid=answer.get("unionid") or None,
        subscribed=bool(answer.get("subscribe")),
        subscribed_at=answer.get("subscribe_time") or None,
        scene=answer.get("subscribe_scene") or None,
        qr_scene=str(answer.get("qr_scene_str") or answer.get("qr_scene") or "") or None,
    )


def _session(answer: dict[str, Any]) -> WebSession:
    return WebSession(
        openid=text(answer, "openid"),
        unionid=answer.get("unionid") or None,
        scope=str(answer.get("scope") or ""),
        access_token=token(answer),
        refresh_token=answer.get("refresh_token") or None,
        is_snapshot=bool(answer.get("is_snapshotuser")),
    )


def _ticket(answer: dict[str, Any]) -> Token:
    return token(answer, "ticket")
