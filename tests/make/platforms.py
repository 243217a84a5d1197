"""A simulator with one third-party platform, one account and one person, for the tests around it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import msgspec

import wxsandbox
from make.receiver import Receiver, receiving
from wxsandbox.client import Phone, Sandbox

START = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
COMPONENT = "wxc0c0c0c0c0c0c0c0"
ACCOUNT = "wxa1a1a1a1a1a1a1a1"
TOKEN, AES_KEY = "platformtoken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@dataclass
class Stage:
    """The simulator, its control plane, and the developer's server."""

    box: wxsandbox.Box
    sandbox: Sandbox
    receiver: Receiver
    http: aiohttp.ClientSession
    component: dict[str, Any]
    account: dict[str, Any]
    alice: Phone

    @property
    def api(self) -> str:
        return f"{self.box.url}/api.weixin.qq.com"

    async def get(self, path: str, **query: Any) -> dict[str, Any]:
        async with self.http.get(f"{self.api}{path}", params=query) as answer:
            return dict(await answer.json())

    async def post(self, path: str, body: Any, **query: Any) -> dict[str, Any]:
        """Post JSON in raw UTF-8 (or bytes) and return the decoded answer."""
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        async with self.http.post(f"{self.api}{path}", params=query, data=data) as answer:
            return dict(await answer.json())

    async def own_token(self) -> str:
        credential = {"appid": ACCOUNT, "secret": self.account["secret"]}
        return str((await self.get("/cgi-bin/token", grant_type="client_credential", **credential))["access_token"])

    async def component_token(self) -> str:
        ticket = (await self.sandbox.call("GET", "/components"))["items"][0]["ticket"]
        body = {
            "component_appid": COMPONENT,
            "component_appsecret": self.component["secret"],
            "component_verify_ticket": ticket,
        }
        return str((await self.post("/cgi-bin/component/api_component_token", body))["component_access_token"])

    async def component_post(self, name: str, token: str, **fields: Any) -> dict[str, Any]:
        body = {"component_appid": COMPONENT, **fields}
        return await self.post(f"/cgi-bin/component/{name}", body, component_access_token=token)

    async def link(self, token: str) -> str:
        """Return a PC authorization link with a fresh pre_auth_code."""
        code = (await self.component_post("api_create_preauthcode", token))["pre_auth_code"]
        query = {
            "component_appid": COMPONENT,
            "pre_auth_code": code,
            "redirect_uri": f"{self.receiver.url}/authorized?x=1",
            "auth_type": 1,
        }
        return f"{self.box.url}/mp.weixin.qq.com/cgi-bin/componentloginpage?{urlencode(query)}"

    async def authorized(self, func_ids: list[int] | None = None) -> dict[str, Any]:
        """Authorize the account and return authorization_info."""
        token = await self.component_token()
        target = await self.alice.authorize(await self.link(token), ACCOUNT, func_ids)
        code = parse_qs(urlsplit(target).query)["auth_code"][0]
        answer = await self.component_post("api_query_auth", token, authorization_code=code)
        return dict(answer["authorization_info"])


@asynccontextmanager
async def staged(data_dir: Path | None = None) -> AsyncIterator[Stage]:
    """Set the stage with a frozen clock."""
    async with (
        receiving() as receiver,
        wxsandbox.serve(start=START, data_dir=data_dir) as box,
        Sandbox(box.url) as sandbox,
        aiohttp.ClientSession() as http,
    ):
        component = await sandbox.component(
            COMPONENT,
            token=TOKEN,
            aes_key=AES_KEY,
            event_url=f"{receiver.url}/events",
            message_url=f"{receiver.url}/$APPID$/messages",
            dev_domain="shop.example.com",
        )
        account = await sandbox.account(ACCOUNT, nick_name="半山茶铺", oauth_domain="www.example.com")
        alice = await sandbox.person("alice", nickname="小爱")
        await sandbox.settle()
        try:
            yield Stage(box, sandbox, receiver, http, component, account, alice)
        finally:
            await alice.close()
