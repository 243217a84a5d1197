"""Tags: the account's own groups of followers; at most 100, of which a person has at most 20.

https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html (2026-11)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from weixin.client import Client
from weixin.products.mp.users import Openids, openids_of

MOST, PER_PERSON, BATCH, NAME_BYTES = 100, 20, 50, 30
# Nobody may rename or drop these: 0 no group, 1 the blacklist, 2 starred (45058).
SYSTEM_IDS = frozenset({0, 1, 2})
# Deleting a tag of more people is refused (45057).
PEOPLE_TO_DROP = 100_000


@dataclass(frozen=True, slots=True)
class WxTag:
    """A tag as WeChat has it."""

    id: int
    name: str
    people: int


async def listed(client: Client, *, token: str) -> list[WxTag]:
    """List the account's tags, the system's own among them (GET /cgi-bin/tags/get)."""
    answer = await client.get("/cgi-bin/tags/get", token=token)
    return [WxTag(int(one["id"]), str(one["name"]), int(one.get("count") or 0)) for one in answer.get("tags") or ()]


async def create(client: Client, *, token: str, name: str) -> WxTag:
    """Make a tag; 45157 taken or forbidden, 45158 longer than 30 bytes, 45056 more than 100."""
    answer: dict[str, Any] = await client.post("/cgi-bin/tags/create", {"tag": {"name": name}}, token=token)
    return WxTag(int(answer["tag"]["id"]), str(answer["tag"]["name"]), 0)


async def rename(client: Client, *, token: str, tag_id: int, name: str) -> None:
    """Rename a tag; errors as `create`, and 45058 for the system's own."""
    await client.post("/cgi-bin/tags/update", {"tag": {"id": tag_id, "name": name}}, token=token)


async def drop(client: Client, *, token: str, tag_id: int) -> None:
    """Drop a tag; 45058 the system's own, 45057 more than 100 000 people have it."""
    await client.post("/cgi-bin/tags/delete", {"tag": {"id": tag_id}}, token=token)


async def people(client: Client, *, token: str, tag_id: int, after: str = "") -> Openids:
    """List who has a tag, 10 000 a page (POST /cgi-bin/user/tag/get); 45159 no such tag."""
    return openids_of(await client.post("/cgi-bin/user/tag/get", {"tagid": tag_id, "next_openid": after}, token=token))


async def put_on(client: Client, *, token: str, tag_id: int, openids: Sequence[str]) -> None:
    """Tag up to 50 people; 45059 somebody has 20 already, 45159 no such tag, 40003 or 49003 a stranger's openid."""
    body = {"openid_list": list(openids), "tagid": tag_id}
    await client.post("/cgi-bin/tags/members/batchtagging", body, token=token)


async def take_off(client: Client, *, token: str, tag_id: int, openids: Sequence[str]) -> None:
    """Take a tag off up to 50 people; errors as `put_on`."""
    body = {"openid_list": list(openids), "tagid": tag_id}
    await client.post("/cgi-bin/tags/members/batchuntagging", body, token=token)


async def of_person(client: Client, *, token: str, openid: str) -> list[int]:
    """List a person's tags (POST /cgi-bin/tags/getidlist)."""
    answer = await client.post("/cgi-bin/tags/getidlist", {"openid": openid}, token=token)
    return [int(one) for one in answer.get("tagid_list") or ()]
