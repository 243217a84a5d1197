"""The third-party platform: its own tokens, authorization by accounts, and their tokens.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/ (2026-11)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from weixin.client import COMPONENT, Client
from weixin.errors import BadMessage
from weixin.tokens import Token, seconds, text, token

# auth_type: which accounts the page offers.
OFFICIAL_ACCOUNTS, MINI_PROGRAMS, BOTH = 1, 2, 3
# 4 promoter of mini programs, 5 channels account, 6 all of official account, mini program and channels, 8 talent.
AUTH_TYPES = (OFFICIAL_ACCOUNTS, MINI_PROGRAMS, BOTH, 4, 5, 6, 8)


@dataclass(frozen=True, slots=True)
class Authorization:
    """What an account granted; the tokens are absent when it granted no call at all."""

    appid: str
    access_token: Token | None
    refresh_token: str | None = field(repr=False)
    # Permission-set ids (func_info).
    permissions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """An account's public face and state; the enumerations are WeChat's numbers."""

    appid: str
    user_name: str
    nick_name: str
    head_img: str
    principal_name: str
    qrcode_url: str
    service_type: int
    verify_type: int
    account_status: int | None
    is_mini_program: bool
    refresh_token: str | None = field(repr=False)
    permissions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of authorizers, from which a lost refresh token is recovered."""

    appid: str
    refresh_token: str = field(repr=False)
    auth_time: int


async def start_push_ticket(client: Client, *, component: str, secret: str) -> None:
    """Ask WeChat to push component_verify_ticket (again)."""
    # The field is component_secret here and component_appsecret below; both are WeChat's spelling.
    body = {"component_appid": component, "component_secret": secret}
    await client.post("/cgi-bin/component/api_start_push_ticket", body)


async def component_token(client: Client, *, component: str, secret: str, ticket: str) -> Token:
    """Buy the component_access_token, 7200 s; its daily number is limited, so share it."""
    body = {"component_appid": component, "component_appsecret": secret, "component_verify_ticket": ticket}
    answer = await client.post("/cgi-bin/component/api_component_token", body)
    return token(answer, "component_access_token")


async def create_preauthcode(client: Client, *, component: str, component_token: str) -> Token:
    """Get a pre_auth_code for one authorization page; its life is what the answer says."""
    answer = await _post(client, "api_create_preauthcode", component_token, {"component_appid": component})
    return token(answer, "pre_auth_code")


async def query_auth(client: Client, *, component: str, component_token: str, code: str) -> Authorization:
    """Exchange an authorization code, once, for the account's tokens; 61009 used, 61010 expired."""
    body = {"component_appid": component, "authorization_code": code}
    info = _object(await _post(client, "api_query_auth", component_token, body), "authorization_info")
    granted = info.get("authorizer_access_token")
    return Authorization(
        appid=text(info, "authorizer_appid"),
        access_token=Token(str(granted), seconds(info)) if granted else None,
        refresh_token=info.get("authorizer_refresh_token") or None,
        permissions=_permissions(info),
    )


async def authorizer_token(
    client: Client, *, component: str, component_token: str, appid: str, refresh_token: str
) -> tuple[Token, str]:
    """Refresh an account's token; gives the token and the refresh token to keep from now on.

    61003: the account has withdrawn; 61023: the refresh token is void.
    """
    body = {
        "component_appid": component,
        "authorizer_appid": appid,
        "authorizer_refresh_token": refresh_token,
    }
    answer = await _post(client, "api_authorizer_token", component_token, body)
    # Normally unchanged, but the answer always carries it: what it says is what counts.
    return token(answer, "authorizer_access_token"), answer.get("authorizer_refresh_token") or refresh_token


async def authorizer_info(client: Client, *, component: str, component_token: str, appid: str) -> AccountInfo:
    """Read an account's face and its current grants."""
    body = {"component_appid": component, "authorizer_appid": appid}
    answer = await _post(client, "api_get_authorizer_info", component_token, body)
    face, grant = _object(answer, "authorizer_info"), _object(answer, "authorization_info")
    return AccountInfo(
        appid=grant.get("authorizer_appid") or appid,
        user_name=text(face, "user_name"),
        nick_name=str(face.get("nick_name") or ""),
        head_img=str(face.get("head_img") or ""),
        principal_name=str(face.get("principal_name") or ""),
        qrcode_url=str(face.get("qrcode_url") or ""),
        service_type=_id(face.get("service_type_info"), 0),
        verify_type=_id(face.get("verify_type_info"), -1),
        account_status=face.get("account_status"),
        is_mini_program="MiniProgramInfo" in face,
        refresh_token=grant.get("authorizer_refresh_token") or None,
        permissions=_permissions(grant),
    )


async def authorizer_list(
    client: Client, *, component: str, component_token: str, offset: int = 0, count: int = 100
) -> tuple[int, list[Listed]]:
    """List the authorized accounts, at most 500 a page; gives the total and the page."""
    body = {"component_appid": component, "offset": offset, "count": count}
    answer = await _post(client, "api_get_authorizer_list", component_token, body)
    page = [
        Listed(text(item, "authorizer_appid"), text(item, "refresh_token"), seconds(item, "auth_time"))
        for item in answer.get("list") or []
    ]
    return seconds(answer, "total_count"), page


def pc_link(mp_base: str, **options: Any) -> str:
    """Make the link to the page with a QR code; options as for phone_link; open it from our own domain."""
    return f"{mp_base.rstrip('/')}/cgi-bin/componentloginpage?{_link_query(**options)}"


def phone_link(open_base: str, **options: Any) -> str:
    """Make the link to open inside WeChat.

    Options: component, pre_auth_code, redirect_uri, auth_type=3, biz_appid=None, category_ids=().
    """
    query = _link_query(**options)
    return f"{open_base.rstrip('/')}/wxaopen/safe/bindcomponent?action=bindcomponent&no_scan=1&{query}#wechat_redirect"


def _link_query(
    *,
    component: str,
    pre_auth_code: str,
    redirect_uri: str,
    auth_type: int = BOTH,
    biz_appid: str | None = None,
    category_ids: Sequence[int] = (),
) -> str:
    pairs: list[tuple[str, str | int | None]] = [
        ("component_appid", component),
        ("pre_auth_code", pre_auth_code),
        ("redirect_uri", redirect_uri),
        ("auth_type", auth_type),
        ("biz_appid", biz_appid),
        ("category_id_list", "|".join(map(str, category_ids)) or None),
    ]
    return "&".join(f"{name}={quote(str(value), safe='')}" for name, value in pairs if value is not None)


async def _post(client: Client, call: str, component_token: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return await client.post(f"/cgi-bin/component/{call}", body, token=component_token, token_name=COMPONENT)


def _object(answer: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = answer.get(name)
    if not isinstance(value, dict):
        raise BadMessage(f"the answer has no {name}")
    return value


def _permissions(info: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(_id(item.get("funcscope_category"), 0) for item in info.get("func_info") or [])


def _id(value: Any, default: int) -> int:
    return int(value.get("id", default)) if isinstance(value, dict) else default
