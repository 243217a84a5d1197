"""Who plays in the tour: a shop with its staff, and a person who has never been there."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from tongshang.app.terminal import Stop
from tongshang.app.tour.hands import Hand, Phone, Simulator
from tongshang.app.tour.stage import Stage

NAME = re.compile(r"tour-(\d{1,6})")


class LogIn(msgspec.Struct):
    """One line of var/logins.json, as the seeder writes it: the owner has a store, the assistant a staff page."""

    login: str
    password: str
    store: str = ""
    staff: str = ""


@dataclass
class Tour:
    """Everybody's hands, and what has been learnt on the way."""

    stage: Stage
    box: Simulator
    owner: Hand
    assistant: Hand
    phone: Phone
    staff_login: LogIn
    console: str
    store: str
    appid: str
    shop: str
    fan: str = ""
    piece: dict[str, Any] = field(default_factory=dict)
    """The coupon that came with the welcome."""
    wanted: dict[str, Any] = field(default_factory=dict)
    parcel: dict[str, Any] = field(default_factory=dict)
    """The order that is sent."""

    @property
    def person(self) -> str:
        """Whose phone it is."""
        return self.phone.person

    def fresh(self, *words: str) -> str:
        """Make an id of one's own for something new: another one for every visitor of the tour."""
        return str(uuid5(NAMESPACE_URL, "/".join(("tour", self.fan, *words))))

    async def show(self, page: str = "", **query: str) -> None:
        """Open a page of the store on the person's phone, where somebody may be looking."""
        tail = "&".join(f"{key}={value}" for key, value in query.items())
        route = f"#/pages/{page}/{page}{'?' + tail if tail else ''}" if page else ""
        await self.box.act(self.person, "open", url=self.store + route, appid=self.appid)


def logins(var: Path) -> tuple[LogIn, LogIn]:
    """Read the log-ins of the first shop's owner and assistant; raises Stop when the demo has not written them."""
    path = var / "logins.json"
    try:
        known = msgspec.json.decode(path.read_bytes(), type=list[LogIn])
    except (OSError, msgspec.MsgspecError):
        raise Stop(
            f"没有演示的登录信息（{path}）：先在另一个终端运行 make demo，等它打印出链接。",
            f"There are no log-ins of a demo ({path}): run make demo in another terminal and wait for its links.",
        ) from None
    owner = next((one for one in known if one.store), None)
    assistant = next((one for one in known if one.staff), None)
    if owner is None or assistant is None:
        raise Stop(f"{path} 里没有店主或店员的登录信息。", f"{path} has no log-in of an owner and an assistant.")
    return owner, assistant


async def newcomer(box: Simulator) -> tuple[str, str]:
    """Let a new person come, with a phone; gives name and nickname."""
    people = (await box.call("GET", "/people"))["items"]
    taken = [int(found[1]) for one in people if (found := NAME.fullmatch(one["id"]))]
    number = max(taken, default=0) + 1
    name, nickname = f"tour-{number}", f"小游{number}号"
    await box.call("POST", "/people", {"name": name, "nickname": nickname})
    return name, nickname
