"""Followers: the whole list, what is known of each, remarks, and the blacklist.

https://developers.weixin.qq.com/doc/offiaccount/User_Management/Getting_a_User_List.html (2026-11)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from weixin.client import Client

PAGE, DESCRIBE_MOST, BLOCK_MOST = 10_000, 100, 20
# Contract C3: "less than 30".
REMARK_LONGEST = 29


@dataclass(frozen=True, slots=True)
class Openids:
    """A page of openids; the next one begins behind `after`, and an empty `after` says that there is none."""

    total: int
    openids: list[str]
    after: str


@dataclass(frozen=True, slots=True)
class Person:
    """What WeChat tells of a person; all but the openid is empty when they do not follow."""

    openid: str
    unionid: str | None
    subscribed: bool
    subscribed_at: int
    subscribe_scene: str | None
    scene: str | None
    remark: str
    tag_ids: tuple[int, ...]


async def followers(client: Client, *, token: str, after: str = "") -> Openids:
    """List up to 10 000 followers behind one (GET /cgi-bin/user/get; 500 calls a day)."""
    return openids_of(await client.get("/cgi-bin/user/get", token=token, params={"next_openid": after or None}))


async def described(client: Client, *, token: str, openids: Sequence[str]) -> list[Person]:
    """Describe up to 100 people (POST /cgi-bin/user/info/batchget); 40003 a stranger's openid, 40032 too many."""
    body = {"user_list": [{"openid": one, "lang": "zh_CN"} for one in openids]}
    answer = await client.post("/cgi-bin/user/info/batchget", body, token=token)
    return [person(one) for one in answer.get("user_info_list") or []]


async def set_remark(client: Client, *, token: str, openid: str, remark: str) -> None:
    """Note a name beside a person, up to 29 characters; 40092 when it will not do (10 000 calls a day)."""
    await client.post("/cgi-bin/user/info/updateremark", {"openid": openid, "remark": remark}, token=token)


async def blacklist(client: Client, *, token: str, after: str = "") -> Openids:
    """List up to 10 000 blocked people behind one (POST /cgi-bin/tags/members/getblacklist)."""
    return openids_of(await client.post("/cgi-bin/tags/members/getblacklist", {"begin_openid": after}, token=token))


async def block(client: Client, *, token: str, openids: Sequence[str]) -> None:
    """Put up to 20 people on the blacklist; 40003 or 49003 for a stranger's openid, 40032 for too many."""
    await client.post("/cgi-bin/tags/members/batchblacklist", {"openid_list": list(openids)}, token=token)


async def unblock(client: Client, *, token: str, openids: Sequence[str]) -> None:
    """Take up to 20 people off the blacklist; errors as `block`."""
    await client.post("/cgi-bin/tags/members/batchunblacklist", {"openid_list": list(openids)}, token=token)


def person(answer: dict[str, Any]) -> Person:
    """Read one person out of user/info or batchget."""
    return Person(
        openid=str(answer.get("openid", "")),
        unionid=answer.get("unionid") or None,
        subscribed=bool(answer.get("subscribe")),
        subscribed_at=int(answer.get("subscribe_time") or 0),
        subscribe_scene=answer.get("subscribe_scene") or None,
        scene=str(answer.get("qr_scene_str") or answer.get("qr_scene") or "") or None,
        remark=str(answer.get("remark") or ""),
        tag_ids=tuple(int(one) for one in answer.get("tagid_list") or ()),
    )


def openids_of(answer: dict[str, Any]) -> Openids:
    """Read a page of openids."""
    found = [str(one) for one in (answer.get("data") or {}).get("openid") or ()]
    # A page that is not full is the last, too; WeChat still names its last openid then.
    return Openids(int(answer.get("total") or 0), found, str(answer.get("next_openid") or "") if found else "")
