"""The control plane's hand on many: followers by the ten thousand, and people who read articles."""

from typing import Annotated, Any

import msgspec

from wxsandbox.errors import Wrong
from wxsandbox.http import Call
from wxsandbox.mp import tally
from wxsandbox.people import Fan, account_of, fan, openid_of, person_of
from wxsandbox.routes import Route
from wxsandbox.validate import control

HOST = "_sandbox"
SCENES = tuple(tally.SOURCES)
DAY = 86_400


class Crowd(msgspec.Struct):
    """Followers without phones: how many, over how many past days they came, and what they are called."""

    count: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30
    prefix: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{1,12}$")] = "crowd"


class Read(msgspec.Struct):
    """Somebody does something with an article; `msgid` is msg_data_id + `_` + place, `source` as in C14."""

    appid: str
    msgid: str
    title: str = ""
    act: str = "read"
    source: int = 0


async def crowd(call: Call) -> Any:
    """Have many people follow an account, spread evenly over the past days; those who do already are left alone."""
    asked = control(call.body, Crowd)
    box, account = call.box, account_of(call.box, call.params["appid"])
    fans, now, made = box.state.table(Fan), box.clock.seconds(), 0
    came: dict[tuple[int, str], int] = {}
    for n in range(asked.count):
        name = f"{asked.prefix}-{n}"
        id = f"{account.appid}:{name}"
        if id in fans.rows:
            continue
        scene, age = SCENES[n % len(SCENES)], n * asked.days // asked.count
        at = now - age * DAY
        fans.put(
            Fan(
                id=id, appid=account.appid, person=name, openid=openid_of(box, name, account.appid), subscribed=True,
                subscribe_time=at, scene=scene, seq=box.state.next("fan"),
            )
        )  # fmt: skip
        came[at, scene] = came.get((at, scene), 0) + 1
        made += 1
    for (at, scene), count in came.items():
        tally.grew(box, account.appid, scene, new=count, at=at)
    return {"made": made, "followers": sum(one.subscribed for one in fans.by("appid", account.appid))}


async def look(call: Call) -> Any:
    """Have a person read, share or keep an article."""
    asked = control(call.body, Read)
    if asked.act not in ("read", "original", "share", "keep"):
        raise Wrong("act is read, original, share or keep")
    person = person_of(call.box, call.params["name"])
    account_of(call.box, asked.appid)
    one = fan(call.box, person.id, asked.appid)
    tally.looked(call.box, asked.appid, one.openid, asked.msgid, asked.title, asked.act, asked.source)
    return {"ok": True}


ROUTES = (
    Route(HOST, "POST", "/accounts/{appid}/crowd", crowd, body=Crowd),
    Route(HOST, "POST", "/people/{name}/look", look, body=Read),
)
