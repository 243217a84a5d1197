"""The Open Platform account that gives an account's people one UnionID across accounts; permission set 24 (25 mini).

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/account/create.html, bind.html,
unbind.html, get.html (2026-11). `token` is the account's own or authorizer token.
"""

from weixin.client import Client
from weixin.errors import WeixinError
from weixin.tokens import text

NOT_BOUND = 89002


async def create(client: Client, *, token: str, appid: str) -> str:
    """Make an Open Platform account and bind this account to it; 89000 when it is bound already."""
    return text(await client.post("/cgi-bin/open/create", {"appid": appid}, token=token), "open_appid")


async def bind(client: Client, *, token: str, appid: str, open_appid: str) -> None:
    """Bind to one that an API made; 89000 bound already, 89001 other contractor, 89003 foreign, 89004 is full."""
    await client.post("/cgi-bin/open/bind", {"appid": appid, "open_appid": open_appid}, token=token)


async def unbind(client: Client, *, token: str, appid: str, open_appid: str) -> None:
    """Undo a binding; 89001 other contractor, 89003 not made by an API."""
    await client.post("/cgi-bin/open/unbind", {"appid": appid, "open_appid": open_appid}, token=token)


async def get(client: Client, *, token: str, appid: str) -> str | None:
    """Read which Open Platform account this one is bound to, if any."""
    try:
        return text(await client.post("/cgi-bin/open/get", {"appid": appid}, token=token), "open_appid")
    except WeixinError as error:
        if error.errcode == NOT_BOUND:
            return None
        raise
