"""The client over real HTTP: what goes over the wire, and what every kind of answer becomes."""

import asyncio
import re
import socket

import pytest

from make.wxservers import Reply, Scripted, serving
from weixin.client import COMPONENT, Client
from weixin.errors import Unreachable, WeixinError, from_answer
from weixin.multipart import File
from weixin.transport import Transport, with_query

SECRET = "s3cr3t-token-value"


async def test_json_is_raw_utf8_and_the_token_is_a_query_parameter() -> None:
    async with serving(Scripted(), "/api.weixin.qq.com") as server, Transport() as transport:
        server.will(Reply({"errcode": 0, "errmsg": "ok", "n": 1}), Reply({"ok": 1}), Reply({"ok": 2}))
        client = Client(transport, server.url + "/")
        assert (await client.post("/cgi-bin/menu/create", {"name": "进店"}, token="a/b+c=="))["n"] == 1
        assert await client.post("/cgi-bin/x", token="t", token_name=COMPONENT, params={"a": None, "b": 2}) == {"ok": 1}
        assert await client.get("/cgi-bin/y", params={"q": "茶 &"}) == {"ok": 2}
    first, second, third = server.asked
    assert first.path == "/api.weixin.qq.com/cgi-bin/menu/create?access_token=a%2Fb%2Bc%3D%3D"
    assert first.body == '{"name":"进店"}'.encode()
    assert first.headers["Content-Type"] == "application/json"
    assert (second.path, second.body) == ("/api.weixin.qq.com/cgi-bin/x?component_access_token=t&b=2", b"{}")
    assert (third.method, third.path) == ("GET", "/api.weixin.qq.com/cgi-bin/y?q=%E8%8C%B6%20%26")


@pytest.mark.parametrize(
    ("reply", "kind", "code", "rid"),
    [
        (
            {"errcode": 61023, "errmsg": "refresh_token is invalid rid: 6142cae2-160a288b-589e1ad2"},
            WeixinError,
            61023,
            "6142cae2-160a288b-589e1ad2",
        ),
        ({"errcode": 40013, "errmsg": "invalid appid hint: [abcd]"}, WeixinError, 40013, None),
        ({"errcode": "40013"}, WeixinError, 40013, None),
        ({"errcode": -1, "errmsg": "system error"}, Unreachable, -1, None),
        ({"errcode": 45009, "errmsg": "reach max api daily quota limit"}, Unreachable, 45009, None),
        ({"errcode": 45011, "errmsg": "api minute-quota reach limit"}, Unreachable, 45011, None),
    ],
)
async def test_errcodes_become_errors(reply: object, kind: type, code: int, rid: str | None) -> None:
    async with serving(Scripted()) as server, Transport() as transport:
        server.will(Reply(reply))
        with pytest.raises(WeixinError) as caught:
            await Client(transport, server.url).get("/cgi-bin/x", token=SECRET)
    assert type(caught.value) is kind
    assert (caught.value.errcode, caught.value.rid) == (code, rid)
    assert caught.value.retry is (kind is Unreachable)
    assert "rid:" not in caught.value.errmsg


async def test_answers_that_are_none() -> None:
    async with serving(Scripted()) as server, Transport() as transport:
        client = Client(transport, server.url)
        for reply in (
            Reply({"errcode": "x"}),
            Reply({"errcode": [1]}),
            Reply(b"<html>"),
            Reply(b"\xff"),
            Reply([1]),
            Reply({}, status=502),
            Reply({}, status=429),
        ):
            server.will(reply)
            with pytest.raises(Unreachable) as caught:
                await client.get("/cgi-bin/x", token=SECRET)
            assert caught.value.status == reply.status
        # A redirect is not followed: the token would go with it.
        server.will(Reply({}, status=302, headers={"Location": server.url + "/elsewhere"}))
        with pytest.raises(WeixinError, match="302"):
            await client.get("/cgi-bin/x", token=SECRET)
        assert len(server.asked) == 8


async def test_the_network_fails_without_a_secret_in_the_text() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        async with Transport(timeout_seconds=1) as transport:
            with pytest.raises(Unreachable) as refused:
                await Client(transport, f"http://127.0.0.1:{port}").post("/cgi-bin/x", {}, token=SECRET)
            with pytest.raises(ValueError, match="base URL") as nonsense:
                await Client(transport, "http://[::bad").get("/cgi-bin/x", token=SECRET)
            with pytest.raises(Unreachable) as hostless:
                await Client(transport, "http://").get("/cgi-bin/x", token=SECRET)
    for caught in (refused.value, nonsense.value, hostless.value):
        assert SECRET not in f"{caught!r} {caught} {caught.__cause__!r}"
        assert caught.__suppress_context__


async def test_a_slow_or_endless_answer_is_given_up() -> None:
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(slow, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Transport(timeout_seconds=0.2) as transport:
        with pytest.raises(Unreachable, match="Timeout"):
            await transport.request("GET", f"http://127.0.0.1:{port}/?secret={SECRET}")
    async with serving(Scripted()) as big, Transport() as transport:
        big.will(Reply(b"x" * 200_000), Reply(b"x" * 1000))
        with pytest.raises(Unreachable, match="too long"):
            await transport.request("GET", big.url + "/", limit_bytes=100_000)
        assert len((await transport.request("GET", big.url + "/", limit_bytes=1000)).body) == 1000


async def test_a_file_gets_the_time_its_size_takes() -> None:
    length = re.compile(rb"content-length: (\d+)", re.IGNORECASE)

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(int(length.findall(head)[0]))
        await asyncio.sleep(0.5)
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{"size":%9d}' % len(body))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(slow, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, Transport(timeout_seconds=0.2) as transport:
        client = Client(transport, url)
        with pytest.raises(Unreachable, match="Timeout"):
            await client.post("/cgi-bin/x", {}, token=SECRET)
        film = File("a.mp4", "video/mp4", b"x" * 400_000)
        assert (await client.upload("/cgi-bin/media/upload", film, token=SECRET))["size"] > len(film.body)


async def test_a_closed_transport_opens_again_and_shows_no_body() -> None:
    async with serving(Scripted()) as server:
        transport = Transport()
        await transport.close()
        for _ in range(2):
            server.will(Reply({"access_token": SECRET}, headers={"Set-Cookie": "a=b"}))
            answer = await transport.request("GET", server.url + "/a")
            assert answer.headers["content-length"]
            assert SECRET not in repr(answer)
            await transport.close()
    assert "Cookie" not in server.asked[1].headers


def test_queries_are_appended_and_encoded() -> None:
    assert with_query("/a", None) == "/a"
    assert with_query("/a", {"b": None}) == "/a"
    assert with_query("/a?x=1", {"b": "c d|", "e": 0}) == "/a?x=1&b=c%20d%7C&e=0"


def test_errors_tell_what_would_cure_them() -> None:
    assert from_answer(42001, "access_token expired").token_rejected
    assert from_answer(61003, "component is not authorized by this account").not_authorized
    plain = from_answer(48001, "api unauthorized")
    assert not plain.token_rejected
    assert not plain.not_authorized
    assert str(from_answer(40013, "invalid appid rid: a-b-c")) == "40013 invalid appid (rid a-b-c)"
