"""Calls that change nothing, for a first recording of a real account: what is there, and how WeChat refuses.

Tokens are taken as stable tokens (developers.weixin.qq.com/doc/offiaccount/Basic_Information/getStableAccessToken.html,
2026-11), which leave the tokens of the account's other systems alone.
"""

from typing import Any

import aiohttp
import msgspec

READS: tuple[tuple[str, str, dict[str, Any] | None], ...] = (
    ("GET", "/cgi-bin/getcallbackip", None),
    ("GET", "/cgi-bin/menu/get", None),
    ("GET", "/cgi-bin/tags/get", None),
    ("GET", "/cgi-bin/user/get", None),
    ("POST", "/cgi-bin/tags/members/getblacklist", {"begin_openid": ""}),
    ("GET", "/cgi-bin/material/get_materialcount", None),
    ("POST", "/cgi-bin/material/batchget_material", {"type": "image", "offset": 0, "count": 1}),
    ("GET", "/cgi-bin/draft/count", None),
    ("POST", "/cgi-bin/draft/batchget", {"offset": 0, "count": 1, "no_content": 1}),
    ("POST", "/cgi-bin/freepublish/batchget", {"offset": 0, "count": 1, "no_content": 1}),
    ("GET", "/cgi-bin/ticket/getticket?type=jsapi", None),
)
# Questions that WeChat must refuse: nobody has these ids.
REFUSED: tuple[tuple[str, str, dict[str, Any] | None], ...] = (
    ("GET", "/cgi-bin/user/info?openid=oNobodyHasThisOpenid00000000&lang=zh_CN", None),
    ("POST", "/cgi-bin/user/info/updateremark", {"openid": "oNobodyHasThisOpenid00000000", "remark": "x"}),
    ("POST", "/cgi-bin/tags/update", {"tag": {"id": 999_999, "name": "nobody"}}),
    ("POST", "/cgi-bin/material/get_material", {"media_id": "no-such-media-id-00000000000"}),
    ("POST", "/cgi-bin/draft/get", {"media_id": "no-such-media-id-00000000000"}),
    ("GET", "/cgi-bin/media/get?media_id=no-such-media-id-00000000000", None),
    ("POST", "/cgi-bin/message/custom/send", {"touser": "oNobodyHasThisOpenid00000000", "msgtype": "nothing"}),
)


async def tour(url: str, *, appid: str, secret: str) -> list[tuple[str, int]]:
    """Make all calls through the proxy at `url`; gives each call's path and errcode (0 when it went well).

    Raises ValueError when WeChat does not take the credentials.
    """
    done = []
    async with aiohttp.ClientSession() as http:
        credential = {"grant_type": "client_credential", "appid": appid, "secret": secret}
        got = await call(http, url, "POST", "/cgi-bin/stable_token", credential)
        if "access_token" not in got:
            raise ValueError(f"WeChat gives no token: {got.get('errcode')} {got.get('errmsg')}")
        for method, path, body in (*READS, *REFUSED):
            joint = "&" if "?" in path else "?"
            answer = await call(http, url, method, f"{path}{joint}access_token={got['access_token']}", body)
            done.append((path.partition("?")[0], int(answer.get("errcode", 0))))
    return done


async def call(http: aiohttp.ClientSession, url: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
    """Make one call; a file counts as an answer that says nothing."""
    data = None if body is None else msgspec.json.encode(body)
    async with http.request(method, f"{url}/api.weixin.qq.com{path}", data=data) as answer:
        said = await answer.read()
    try:
        return msgspec.json.decode(said, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
