"""The back-office pages: what an administrator does there is heard by platforms and felt by callers."""

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest

from make.platforms import ACCOUNT, COMPONENT, Stage, staged


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as made:
        yield made


async def submit(stage: Stage, path: str, **form: str | list[str]) -> tuple[int, str]:
    """Submit a form of the account's back office."""
    pairs = [(name, one) for name, value in form.items() for one in ([value] if isinstance(value, str) else value)]
    async with stage.http.post(f"{stage.box.url}/mp.weixin.qq.com/sandbox/{ACCOUNT}{path}", data=pairs) as answer:
        return answer.status, await answer.text()


async def test_an_administrator_changes_and_cancels_an_authorization(stage: Stage) -> None:
    await stage.authorized([1, 2])
    status, page = await submit(stage, f"/authorizations/{COMPONENT}", func=["1", "15"])
    assert (status, "授权已更新" in page) == (200, True)
    await stage.sandbox.settle()
    kinds = [one["name"] for one in await stage.sandbox.journal(kind="callback", limit=50)]
    assert kinds.count("component.updateauthorized") == 1
    assert "请至少保留一项权限" in (await submit(stage, f"/authorizations/{COMPONENT}"))[1]
    status, page = await submit(stage, f"/authorizations/{COMPONENT}/cancellation")
    assert (status, "已取消授权" in page) == (200, True)
    token = await stage.component_token()
    answer = await stage.component_post("api_get_authorizer_info", token, authorizer_appid=ACCOUNT)
    assert answer["errcode"] == 61003
    assert (await submit(stage, f"/authorizations/{COMPONENT}/cancellation"))[0] == 404


async def test_the_server_setting_wants_its_echo(stage: Stage) -> None:
    right = {"url": f"{stage.receiver.url}/nobody", "token": "abc", "aes_key": "a" * 43, "mode": "safe"}
    for wrong, words in (
        ({"token": "a b"}, "Token 必须"), ({"aes_key": "short"}, "EncodingAESKey 必须"),
        ({"url": "ftp://x"}, "合法的 URL"),
        ({"url": "http://127.0.0.1:9/"}, "请求URL超时"), ({}, "token验证失败"),
    ):  # fmt: skip
        assert words in (await submit(stage, "/server", **(right | wrong)))[1]
    assert (await stage.sandbox.call("GET", f"/accounts/{ACCOUNT}"))["push"] is None


async def test_addresses_that_are_not_listed_may_not_speak(stage: Stage) -> None:
    assert "IP 格式不正确" in (await submit(stage, "/ips", ips="everywhere"))[1]
    await submit(stage, "/ips", ips="10.0.0.1")
    credential = {"appid": ACCOUNT, "secret": stage.account["secret"], "grant_type": "client_credential"}
    assert (await stage.get("/cgi-bin/token", **credential))["errcode"] == 40164
    await stage.sandbox.component(COMPONENT, ip_whitelist=["10.0.0.1"])
    body = {"component_appid": COMPONENT, "component_secret": stage.component["secret"]}
    assert (await stage.post("/cgi-bin/component/api_start_push_ticket", body))["errcode"] == 61004
    await submit(stage, "/ips", ips="")
    await submit(stage, "/secret")
    assert (await stage.get("/cgi-bin/token", **credential))["errcode"] == 40125


async def test_options_are_asked_by_either_token(stage: Stage) -> None:
    granted = await stage.authorized()
    token, body = granted["authorizer_access_token"], {"option_name": "voice_recognize"}
    path = "/cgi-bin/component/get_authorizer_option"
    assert (await stage.post(path, body, access_token=token))["option_value"] == "0"
    changed = await stage.post(
        "/cgi-bin/component/set_authorizer_option", body | {"option_value": 1}, access_token=token
    )
    assert changed["errcode"] == 0
    assert (await stage.post(path, body, access_token=token))["option_value"] == "1"
    assert (await stage.post(path, {"option_name": "x"}, access_token=token))["errcode"] == 61012


async def test_open_accounts_are_made_bound_and_left(stage: Stage) -> None:
    token = (await stage.authorized([1, 24]))["authorizer_access_token"]

    async def ask(name: str, **more: str) -> dict[str, object]:
        return await stage.post(f"/cgi-bin/open/{name}", {"appid": ACCOUNT, **more}, access_token=token)

    assert (await ask("get"))["errcode"] == 89002
    made = str((await ask("create"))["open_appid"])
    assert (await ask("create"))["errcode"] == 89000
    assert (await ask("get"))["open_appid"] == made
    assert (await stage.post("/cgi-bin/open/have", {}, access_token=token))["have_open"] is True
    assert (await ask("unbind", open_appid="wx00"))["errcode"] == 89002
    assert (await ask("unbind", open_appid=made))["errcode"] == 0
    assert (await ask("bind", open_appid="wx00"))["errcode"] == 89003
    await stage.sandbox.account(ACCOUNT, principal_name="别家公司")
    assert (await ask("bind", open_appid=made))["errcode"] == 89001
    assert (await ask("get", appid="wx00"))["errcode"] == 40013


async def test_the_pages_open_and_the_button_runs_the_test(stage: Stage) -> None:
    base = stage.box.url
    for path, words in (
        ("open.weixin.qq.com/sandbox", COMPONENT), (f"open.weixin.qq.com/sandbox/{COMPONENT}", "运行全网发布检测"),
        ("mp.weixin.qq.com/sandbox", ACCOUNT), (f"mp.weixin.qq.com/sandbox/{ACCOUNT}", "服务器配置"),
    ):  # fmt: skip
        async with stage.http.get(f"{base}/{path}") as answer:
            assert (answer.status, words in await answer.text()) == (200, True)
    async with stage.http.post(
        f"{base}/open.weixin.qq.com/sandbox/{COMPONENT}/release-test", data={"group": "2"}
    ) as answer:
        page = await answer.text()
    # A receiver that only says "success" passes the ticket and nothing else.
    assert page.count("st passed") == 1
    assert page.count("st failed") == 3
    link = await stage.link(await stage.component_token())
    async with stage.http.get(link) as answer:
        assert "全网发布检测" not in await answer.text()  # the test's own accounts are nobody's to authorize
    form = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    async with stage.http.post(link.partition("?")[0], data=form | {"appid": ACCOUNT, "choose": "1"}) as answer:
        assert "请至少选择一项权限" in await answer.text()


async def test_a_clerk_decides_about_the_verification(stage: Stage) -> None:
    await stage.authorized([1])
    status, page = await submit(stage, "/verification", event="annual_renew")
    assert (status, "已通知帐号" in page) == (200, True)
    assert (await submit(stage, "/verification", event="nonsense"))[0] >= 400
    await stage.sandbox.settle()
    assert "message.event.annual_renew" in {one["name"] for one in await stage.sandbox.journal(kind="callback")}
