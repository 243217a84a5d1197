"""What stands for what: ids and tokens of a recording, and those the simulator gives in their place."""

from collections.abc import Iterable
from typing import Any

from wxsandbox.recorder.exchange import Exchange, leaves

LEAST = 6  # shorter strings are words of the protocol
PEOPLE = ("openid", "openids", "openid_list", "touser", "to_openid", "opened_list", "begin_openid", "next_openid")


class Bindings:
    """Grows with every answer, and is put into every question."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._texts: dict[str, str] = {}
        self._numbers: dict[tuple[str, int], int] = {}

    def bind(self, recorded: str, given: str) -> None:
        """Say that a recorded value is now another one."""
        self._texts[recorded] = given

    def learn(self, recorded: Any, given: Any, key: str = "") -> None:
        """Pair what stands at the same place of two answers."""
        if isinstance(recorded, dict) and isinstance(given, dict):
            for name in recorded.keys() & given.keys():
                self.learn(recorded[name], given[name], name)
        elif isinstance(recorded, list) and isinstance(given, list):
            for one, other in zip(recorded, given, strict=False):
                self.learn(one, other, key)
        elif isinstance(recorded, str) and isinstance(given, str):
            if len(recorded) >= LEAST and key != "errmsg":
                self._texts.setdefault(recorded, given)
        elif type(recorded) is int and type(given) is int and key.endswith("id"):
            self._numbers.setdefault((family(key), recorded), given)

    def fill(self, value: Any, key: str = "") -> Any:
        """Put today's values into a recorded question."""
        if isinstance(value, dict):
            return {name: self.fill(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.fill(inner, key) for inner in value]
        if isinstance(value, str):
            return self._texts.get(value, value)
        if type(value) is int:
            return self._numbers.get((family(key), value), value)
        return value


def family(key: str) -> str:
    """Say which ids a key is about: a tag's is called id, tagid and tagid_list in three calls."""
    return "message" if key.startswith("msg") else "menu" if key.startswith("menu") else "id"


def followers(exchanges: Iterable[Exchange]) -> list[str]:
    """List the openids that WeChat knew: named by it, or in a question it did not refuse."""
    known: dict[str, None] = {}
    for one in exchanges:
        fine = isinstance(one.answer, dict) and one.answer.get("errcode", 0) == 0
        if fine or one.file:
            for key, value in (*leaves(one.query), *leaves(one.body), *leaves(one.answer)):
                if key in PEOPLE and isinstance(value, str) and value:
                    known[value] = None
    return list(known)


def accounts(exchanges: Iterable[Exchange]) -> dict[str, str]:
    """Map the AppIDs of a recording to the secrets that WeChat took for them."""
    found: dict[str, str] = {}
    for one in exchanges:
        asked = {**one.query, **(one.body if isinstance(one.body, dict) else {})}
        if "appid" in asked and "secret" in asked and "access_token" in (one.answer or {}):
            found[asked["appid"]] = asked["secret"]
    return found
