"""Settings of an account that its platform may read and change.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/ThirdParty/Account_Authorization/
api_get_authorizer_option.html, api_set_authorizer_option.html (2026-11). Older pages spell the path `api_get_…`;
both were answered wherever it was tried.
"""

from weixin.client import COMPONENT, Client
from weixin.tokens import text

# location_report: 0 never, 1 on entering the conversation, 2 every five seconds.
OPTIONS = {
    "location_report": ("0", "1", "2"),
    "voice_recognize": ("0", "1"),
    "customer_service": ("0", "1"),
}


async def get_option(client: Client, *, component: str, component_token: str, appid: str, name: str) -> str:
    """Read a setting; 61003 not authorized, 61012 no such name."""
    body = {"component_appid": component, "authorizer_appid": appid, "option_name": name}
    answer = await client.post(
        "/cgi-bin/component/get_authorizer_option", body, token=component_token, token_name=COMPONENT
    )
    return text(answer, "option_value")


async def set_option(
    client: Client, *, component: str, component_token: str, appid: str, name: str, value: str
) -> None:
    """Change a setting; 61012 no such name, 61013 no such value, 61025 may only be read."""
    body = {"component_appid": component, "authorizer_appid": appid, "option_name": name, "option_value": value}
    await client.post("/cgi-bin/component/set_authorizer_option", body, token=component_token, token_name=COMPONENT)
