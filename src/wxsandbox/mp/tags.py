"""Tags of followers.

Official page: developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html, 2026-09.
"""

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.mp.users import USER_SET, everybody, page_of
from wxsandbox.people import Fan
from wxsandbox.routes import Route
from wxsandbox.validate import read

if TYPE_CHECKING:
    from wxsandbox.box import Box

MOST, PER_PERSON, NAME_BYTES, PEOPLE_TO_DROP = 100, 20, 30, 100_000
FIRST = 100
STARRED, STARRED_NAME = 2, "星标组"
# Names of the system's own groups.
FORBIDDEN = frozenset({STARRED_NAME, "未分组", "默认组", "黑名单", "屏蔽组"})
PAGE = f"{PAGES}/User_Management/User_Tag_Management.html"


class Tag(msgspec.Struct, kw_only=True):
    """A tag of an account."""

    id: str  # appid:number
    appid: str
    number: int
    name: str
    seq: int = 0


class Named(msgspec.Struct):
    """A tag to be made."""

    name: Text


class Create(msgspec.Struct):
    """Body of tags/create."""

    tag: Named


class Renamed(msgspec.Struct):
    """A tag under a new name."""

    id: int
    name: Text


class Update(msgspec.Struct):
    """Body of tags/update."""

    tag: Renamed


class Numbered(msgspec.Struct):
    """A tag by its number."""

    id: int


class Delete(msgspec.Struct):
    """Body of tags/delete."""

    tag: Numbered


class Of(msgspec.Struct):
    """Body of user/tag/get."""

    tagid: int
    next_openid: str = ""


class Members(msgspec.Struct):
    """Body of batchtagging and batchuntagging."""

    openid_list: Annotated[list[Text], msgspec.Meta(min_length=1, max_length=50)]
    tagid: int


class Who(msgspec.Struct):
    """Body of tags/getidlist."""

    openid: Text


def tags_of(box: "Box", appid: str) -> list[Tag]:
    """List an account's own tags, oldest first."""
    return sorted(box.state.table(Tag).by("appid", appid), key=lambda tag: tag.number)


def _check(box: "Box", appid: str, name: str, *, but: int = 0) -> None:
    if len(name.encode()) > NAME_BYTES:
        raise WxError(45158)
    if name in FORBIDDEN or any(tag.name == name and tag.number != but for tag in tags_of(box, appid)):
        raise WxError(45157)


def _known(box: "Box", appid: str, number: int, *, unknown: int) -> Tag:
    if number in (0, 1, STARRED):
        raise WxError(45058)
    if (tag := box.state.table(Tag).get(f"{appid}:{number}")) is None:
        raise WxError(unknown)
    return tag


def _people(box: "Box", appid: str, number: int) -> list[Fan]:
    return [one for one in box.state.table(Fan).by("appid", appid) if number in one.tags]


async def create(call: Call) -> Any:
    """Make a tag."""
    account = tokens.account_call(call, USER_SET)
    body = read(call.body, Create, {"tag": 45157, "name": 45157})
    box = call.box
    _check(box, account.appid, body.tag.name)
    if len(tags_of(box, account.appid)) >= MOST:
        raise WxError(45056)
    number = FIRST + box.state.next(f"tag:{account.appid}") - 1
    tag = Tag(id=f"{account.appid}:{number}", appid=account.appid, number=number, name=body.tag.name, seq=number)
    box.state.table(Tag).put(tag)
    return {"tag": {"id": number, "name": tag.name}}


async def listed(call: Call) -> Any:
    """List the tags with how many people have each."""
    account = tokens.account_call(call, USER_SET)
    counts: dict[int, int] = {}
    for one in call.box.state.table(Fan).by("appid", account.appid):
        for number in one.tags if one.subscribed else ():
            counts[number] = counts.get(number, 0) + 1
    found = [(STARRED, STARRED_NAME), *((tag.number, tag.name) for tag in tags_of(call.box, account.appid))]
    return {"tags": [{"id": id, "name": name, "count": counts.get(id, 0)} for id, name in found]}


async def update(call: Call) -> Any:
    """Rename a tag."""
    account = tokens.account_call(call, USER_SET)
    body = read(call.body, Update, {"tag": 45157, "name": 45157, "id": 45159})
    tag = _known(call.box, account.appid, body.tag.id, unknown=45159)
    _check(call.box, account.appid, body.tag.name, but=tag.number)
    tag.name = body.tag.name
    call.box.state.table(Tag).put(tag)
    return OK


async def delete(call: Call) -> Any:
    """Drop a tag, and take it off everybody."""
    account = tokens.account_call(call, USER_SET)
    body = read(call.body, Delete, {"tag": 45159, "id": 45159})
    tag = _known(call.box, account.appid, body.tag.id, unknown=45159)
    people = _people(call.box, account.appid, tag.number)
    if len(people) > PEOPLE_TO_DROP:
        raise WxError(45057)
    _take_off(call.box, people, tag.number)
    call.box.state.table(Tag).delete(tag.id)
    return OK


async def people(call: Call) -> Any:
    """List who has a tag."""
    account = tokens.account_call(call, USER_SET)
    body = read(call.body, Of, {"tagid": 45159, "next_openid": 40003})
    _exists(call, account, body.tagid)
    openids = [one.openid for one in _people(call.box, account.appid, body.tagid) if one.subscribed]
    page = page_of(call, account, openids, body.next_openid)
    del page["total"]
    return page


async def put_on(call: Call) -> Any:
    """Tag people: all of them, or nobody when one of them will not do."""
    account = tokens.account_call(call, USER_SET)
    body = read(call.body, Members, {"openid_list": 40032, "tagid": 45159})
    _exists(call, account, body.tagid)
    found = everybody(call, account, body.openid_list, stranger=49003)
    if any(body.tagid not in one.tags and len(one.tags) >= PER_PERSON for one in found):
        raise WxError(45059)
    for one in found:
        if body.tagid not in one.tags:
            one.tags = [*one.tags, body.tagid]
            call.box.state.table(Fan).put(one)
    return OK


async def take_off(call: Call) -> Any:
    """Take a tag off people."""
    account = tokens.account_call(call, USER_SET)
    body = read(call.body, Members, {"openid_list": 40032, "tagid": 45159})
    _exists(call, account, body.tagid)
    _take_off(call.box, everybody(call, account, body.openid_list, stranger=49003), body.tagid)
    return OK


async def of_person(call: Call) -> Any:
    """List a person's tags."""
    account = tokens.account_call(call, USER_SET)
    body = read(call.body, Who, {"openid": 40003})
    return {"tagid_list": everybody(call, account, [body.openid], stranger=49003)[0].tags}


def _exists(call: Call, account: Account, number: int) -> None:
    if number != STARRED and call.box.state.table(Tag).get(f"{account.appid}:{number}") is None:
        raise WxError(45159)


def _take_off(box: "Box", people: list[Fan], number: int) -> None:
    for one in people:
        if number in one.tags:
            one.tags = [kept for kept in one.tags if kept != number]
            box.state.table(Fan).put(one)


COMMON = (40001, 41001, 42001, 61007, 47001)
MEMBERS = "/cgi-bin/tags/members"
ROUTES = (
    Route(API, "POST", "/cgi-bin/tags/create", create, PAGE, DATE, Create, (*COMMON, 45056, 45157, 45158)),
    Route(API, "GET", "/cgi-bin/tags/get", listed, PAGE, DATE, None, COMMON),
    Route(API, "POST", "/cgi-bin/tags/update", update, PAGE, DATE, Update, (*COMMON, 45058, 45157, 45158, 45159)),
    Route(API, "POST", "/cgi-bin/tags/delete", delete, PAGE, DATE, Delete, (*COMMON, 45057, 45058, 45159)),
    Route(API, "POST", "/cgi-bin/user/tag/get", people, PAGE, DATE, Of, (*COMMON, 40003, 45159)),
    Route(
        API, "POST", f"{MEMBERS}/batchtagging", put_on, PAGE, DATE, Members,
        (*COMMON, 40003, 40032, 45059, 45159, 49003),
    ),
    Route(
        API, "POST", f"{MEMBERS}/batchuntagging", take_off, PAGE, DATE, Members,
        (*COMMON, 40003, 40032, 45159, 49003),
    ),
    Route(API, "POST", "/cgi-bin/tags/getidlist", of_person, PAGE, DATE, Who, (*COMMON, 40003, 49003)),
)  # fmt: skip
