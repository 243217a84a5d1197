"""WeChat's own back office, past the platform: what a merchant does there himself."""

from typing import Any

import msgspec

from make.towns import ACCOUNT, Town


async def own_token(town: Town) -> str:
    """Buy a token of the account's own, as somebody in WeChat's back office would have one."""
    account = await town.sandbox.account(ACCOUNT)
    query = {"grant_type": "client_credential", "appid": ACCOUNT, "secret": account["secret"]}
    answer = await town.world.transport.request("GET", f"{base(town)}/cgi-bin/token", params=query)
    return str(msgspec.json.decode(answer.body)["access_token"])


def base(town: Town) -> str:
    """Give where WeChat's API is."""
    return f"{town.box.url}/api.weixin.qq.com"


async def api(town: Town, token: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Call WeChat past the platform."""
    content = msgspec.json.encode(body) if body is not None else None
    answer = await town.world.transport.request(
        "POST" if body is not None else "GET", base(town) + path, params={"access_token": token}, content=content
    )
    return dict(msgspec.json.decode(answer.body))
