"""What kuaidi100 remembers."""

import msgspec


class KuaidiAccount(msgspec.Struct):
    """A customer: its number and its key."""

    id: str
    key: str
    expired: bool = False


class KuaidiStep(msgspec.Struct):
    """Something that happened to a parcel (unix seconds, world time)."""

    at: float
    context: str
    state: str


class KuaidiParcel(msgspec.Struct):
    """A number of a carrier; `by_hand` when somebody moves it, so that it does not move by itself."""

    id: str
    com: str
    num: str
    steps: list[KuaidiStep] = []
    by_hand: bool = False


class KuaidiWatch(msgspec.Struct):
    """A subscription: where to push, signed with which salt."""

    id: str
    parcel: str
    key: str
    url: str
    salt: str
    status: str = "polling"


def name(com: str, num: str) -> str:
    """Name a parcel."""
    return f"{com}:{num}"
