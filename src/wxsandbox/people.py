"""People with phones: who they are to each account, whom they follow, and what their chats show."""

from typing import TYPE_CHECKING, Any

import msgspec

from wxsandbox.accounts import Account, Settings
from wxsandbox.errors import NotFound

if TYPE_CHECKING:
    from wxsandbox.box import Box

CHAT_LIMIT = 300
SURNAMES = ("#c8553d", "#588157", "#457b9d", "#e09f3e", "#7b5ea7", "#2a9d8f", "#b5838d", "#3d5a80")


class Person(msgspec.Struct, kw_only=True):
    """Somebody with a phone; the id is the name in {id}.localhost."""

    id: str
    nickname: str
    avatar: str = ""
    color: str = "#588157"
    language: str = "zh_CN"
    platform: int = 1  # of the phone, as menus count: 1 iOS, 2 Android, 3 other
    snapshot: bool = False  # appears to OAuth pages as a virtual "snapshot" user
    seq: int = 0


class Fan(msgspec.Struct, kw_only=True):
    """What a person is to one account: the openid, and whether and since when they follow."""

    id: str  # appid:person
    appid: str
    person: str
    openid: str
    subscribed: bool = False
    subscribe_time: int = 0
    scene: str = "ADD_SCENE_SEARCH"
    qr_scene: int = 0
    qr_scene_str: str = ""
    remark: str = ""
    blocked: bool = False
    tags: list[int] = []
    consents: list[str] = []
    in_chat_until: float = 0.0  # opened from the account's own chat or menu: OAuth is silent for followers
    windows: dict[str, tuple[float, int]] = {}
    seq: int = 0


class Chat(msgspec.Struct, kw_only=True):
    """One bubble. `who`: "person", "account" or "system"; `content` depends on `kind`."""

    id: str
    seq: int
    thread: str  # appid:person
    appid: str
    person: str
    who: str
    kind: str
    content: dict[str, Any]
    at: float
    via: str = ""


def person_of(box: "Box", name: str) -> Person:
    """Return a person; raises NotFound."""
    found = box.state.table(Person).get(name)
    if found is None:
        raise NotFound(f"no person {name}")
    return found


def account_of(box: "Box", appid: str) -> Account:
    """Return an account; raises NotFound."""
    found = box.state.table(Account).get(appid)
    if found is None:
        raise NotFound(f"no account {appid}")
    return found


def add_person(
    box: "Box", name: str, nickname: str = "", avatar: str = "", *, snapshot: bool | None = None, platform: int = 0
) -> Person:
    """Create a person, or change the nickname of one that exists."""
    people = box.state.table(Person)
    known = people.get(name)
    if known is not None:
        known.nickname, known.avatar = nickname or known.nickname, avatar or known.avatar
        known.snapshot = known.snapshot if snapshot is None else snapshot
        known.platform = platform or known.platform
        return people.put(known)
    seq = box.state.next("person")
    color = SURNAMES[seq % len(SURNAMES)]
    return people.put(
        Person(
            id=name,
            nickname=nickname or name,
            avatar=avatar,
            color=color,
            snapshot=bool(snapshot),
            platform=platform or 1,
            seq=seq,
        )
    )


def openid_of(box: "Box", person: str, appid: str) -> str:
    """Derive the openid of a person at an account: the same every time under one seed."""
    return "o" + box.dice.stable("openid", person, appid)  # type: ignore[no-any-return]


def unionid_of(box: "Box", person: str, open_appid: str) -> str | None:
    """Derive the unionid of a person under an open-platform account; None without one."""
    return "o6_" + box.dice.stable("unionid", person, open_appid, size=25) if open_appid else None


def fan(box: "Box", person: str, appid: str) -> Fan:
    """Return what a person is to an account, made at first contact."""
    fans = box.state.table(Fan)
    id = f"{appid}:{person}"
    known = fans.get(id)
    if known is None:
        seq = box.state.next("fan")
        openid = openid_of(box, person, appid)
        known = fans.put(Fan(id=id, appid=appid, person=person, openid=openid, seq=seq))
    return known


def fan_by_openid(box: "Box", appid: str, openid: str) -> Fan | None:
    """Find the person behind an openid of this account."""
    return next((f for f in box.state.table(Fan).by("openid", openid) if f.appid == appid), None)


def open_window(box: "Box", one: Fan, kind: str) -> None:
    """Let the account send custom messages for a while, after this kind of contact."""
    count, seconds = settings(box).windows[kind]
    one.windows[kind] = (box.clock.now() + seconds, count if count else -1)
    box.state.table(Fan).put(one)


def take_window(box: "Box", one: Fan) -> int:
    """Use one custom message of an open window; return 0, or the errcode 45015 or 45047."""
    now = box.clock.now()
    alive = {kind: window for kind, window in one.windows.items() if window[0] > now}
    one.windows = alive
    for kind, (until, left) in sorted(alive.items(), key=lambda item: item[1][0]):
        if left != 0:
            one.windows[kind] = (until, left - 1 if left > 0 else left)
            box.state.table(Fan).put(one)
            return 0
    return 45047 if alive else 45015


def show(box: "Box", *, appid: str, person: str, who: str, kind: str, content: dict[str, Any], via: str = "") -> Chat:
    """Put a bubble into a chat and tell the person's phones."""
    chats = box.state.table(Chat)
    seq = box.state.next("chat")
    thread = f"{appid}:{person}"
    bubble = chats.put(
        Chat(
            id=str(seq),
            seq=seq,
            thread=thread,
            appid=appid,
            person=person,
            who=who,
            kind=kind,
            content=content,
            at=box.clock.now(),
            via=via,
        )
    )
    thread_rows = chats.by("thread", thread)
    if len(thread_rows) > CHAT_LIMIT:
        chats.delete(thread_rows[0].id)
    box.publish(person, {"kind": "chat", "appid": appid, "message": msgspec.to_builtins(bubble)})
    return bubble


def settings(box: "Box") -> Settings:
    """Return the settings in force."""
    return box.state.table(Settings).get("settings") or Settings()
