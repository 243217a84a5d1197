"""WeChat's own customer service: accounts of those who answer, sessions, and what was said.

https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Customer_Service_Management.html, Session_control.html
and Obtain_chat_transcript.html (2026-11).
"""

from dataclasses import dataclass
from typing import Any

from weixin.client import Client
from weixin.multipart import File

SENT, RECEIVED = 2002, 2003
MOST_RECORDS = 10_000


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who answers; `wechat` is bound, `invited` is asked to be (`waiting`, `rejected`, `expired`; until)."""

    kf_account: str
    kf_id: str
    nick: str
    head_url: str
    wechat: str = ""
    invited: str = ""
    invite_status: str = ""
    invite_until: int = 0


@dataclass(frozen=True, slots=True)
class Online:
    """Somebody at the desk now, and how many sessions they hold."""

    kf_account: str
    status: int
    cases: int


@dataclass(frozen=True, slots=True)
class Session:
    """Who talks to whom since when (unix seconds)."""

    openid: str
    kf_account: str
    since: int


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a talk; `code` is SENT or RECEIVED."""

    openid: str
    code: int
    text: str
    at: int
    worker: str


async def add(client: Client, *, token: str, kf_account: str, nick: str) -> None:
    """Add an account (`name@alias of the official account`); 65403 nickname, 65404 65405 account, 65406 exists."""
    body = {"kf_account": kf_account, "nickname": nick}
    await client.post("/customservice/kfaccount/add", body, token=token)


async def update(client: Client, *, token: str, kf_account: str, nick: str) -> None:
    """Change an account's name; 65401 when there is none."""
    await client.post("/customservice/kfaccount/update", {"kf_account": kf_account, "nickname": nick}, token=token)


async def invite(client: Client, *, token: str, kf_account: str, wechat: str) -> None:
    """Ask the person of a WeChat id to answer under the account; 65407 to 65413 why not."""
    body = {"kf_account": kf_account, "invite_wx": wechat}
    await client.post("/customservice/kfaccount/inviteworker", body, token=token)


async def delete(client: Client, *, token: str, kf_account: str) -> None:
    """Remove an account; 65401 when there is none."""
    await client.get("/customservice/kfaccount/del", token=token, params={"kf_account": kf_account})


async def upload_head(client: Client, *, token: str, kf_account: str, picture: File) -> None:
    """Give an account its picture, a JPEG; 40005 otherwise."""
    path = "/customservice/kfaccount/uploadheadimg"
    await client.upload(path, picture, token=token, params={"kf_account": kf_account})


async def listed(client: Client, *, token: str) -> list[Account]:
    """List the accounts."""
    answer = await client.get("/cgi-bin/customservice/getkflist", token=token)
    return [
        Account(
            str(one.get("kf_account") or ""), str(one.get("kf_id") or ""), str(one.get("kf_nick") or ""),
            str(one.get("kf_headimgurl") or ""), str(one.get("kf_wx") or ""), str(one.get("invite_wx") or ""),
            str(one.get("invite_status") or ""), int(one.get("invite_expire_time") or 0),
        )
        for one in answer.get("kf_list") or []
    ]  # fmt: skip


async def online(client: Client, *, token: str) -> list[Online]:
    """List who is at the desk."""
    answer = await client.get("/cgi-bin/customservice/getonlinekflist", token=token)
    return [
        Online(str(one.get("kf_account") or ""), int(one.get("status") or 0), int(one.get("accepted_case") or 0))
        for one in answer.get("kf_online_list") or []
    ]


async def open_session(client: Client, *, token: str, kf_account: str, openid: str) -> None:
    """Hand a person to an account; 65402 nobody bound, 65413 who is not there, 65414 65415 in another's hands."""
    await client.post("/customservice/kfsession/create", {"kf_account": kf_account, "openid": openid}, token=token)


async def close_session(client: Client, *, token: str, kf_account: str, openid: str) -> None:
    """End a session."""
    await client.post("/customservice/kfsession/close", {"kf_account": kf_account, "openid": openid}, token=token)


async def session(client: Client, *, token: str, openid: str) -> Session | None:
    """Say who talks to a person; None when nobody does."""
    answer = await client.get("/customservice/kfsession/getsession", token=token, params={"openid": openid})
    account = str(answer.get("kf_account") or "")
    return Session(openid, account, int(answer.get("createtime") or 0)) if account else None


async def sessions(client: Client, *, token: str, kf_account: str) -> list[Session]:
    """List the sessions of an account."""
    params = {"kf_account": kf_account}
    answer = await client.get("/customservice/kfsession/getsessionlist", token=token, params=params)
    rows = answer.get("sessionlist") or []
    return [Session(str(one.get("openid")), kf_account, int(one.get("createtime") or 0)) for one in rows]


async def waiting(client: Client, *, token: str) -> tuple[list[tuple[str, int]], int]:
    """List who waits and since when, at most 100, and count them all."""
    answer = await client.get("/customservice/kfsession/getwaitcase", token=token)
    rows = answer.get("waitcaselist") or []
    return [(str(one.get("openid")), int(one.get("latest_time") or 0)) for one in rows], int(answer.get("count") or 0)


async def records(
    client: Client, *, token: str, start: int, end: int, msgid: int = 1, number: int = MOST_RECORDS
) -> tuple[list[Record], int]:
    """Read what was said within at most a day, and where to go on; fewer lines than asked for are the last."""
    body: dict[str, Any] = {"starttime": start, "endtime": end, "msgid": msgid, "number": number}
    answer = await client.post("/customservice/msgrecord/getmsglist", body, token=token)
    rows = [
        Record(
            str(one.get("openid") or ""), int(one.get("opercode") or 0), str(one.get("text") or ""),
            int(one.get("time") or 0), str(one.get("worker") or ""),
        )
        for one in answer.get("recordlist") or []
    ]  # fmt: skip
    return rows, int(answer.get("msgid") or 0)
