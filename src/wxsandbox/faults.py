"""Faults: what goes wrong on purpose, by rule or by chance under the seed, per route, account or person."""

from fnmatch import fnmatchcase
from typing import Any

import msgspec

from wxsandbox.state import State

CALL_EFFECTS = ("error", "status", "slow", "timeout", "lost", "expire_token")
CALLBACK_EFFECTS = ("lose", "repeat", "delay", "reorder", "forge")


class Fault(msgspec.Struct, kw_only=True):
    """A rule. `on` is a pattern of a route ("POST /cgi-bin/token") or of a callback ("callback:message.*").

    Effects on calls: `error` (errcode, or `code` for WeChat Pay), `status` (an HTTP status), `slow` (seconds),
    `timeout` (nothing done, no answer for `seconds`), `lost` (done, then the connection drops),
    `expire_token` (the token used dies early: 40001). On callbacks: `lose`, `repeat` (count), `delay` (seconds),
    `reorder` (after the next one), `forge` (a wrong signature). Products may read further effects by name.
    """

    id: str
    on: str
    effect: str
    appid: str = ""
    person: str = ""
    chance: float = 1.0
    times: int | None = None
    after: int = 0
    seconds: float = 0.0
    count: int = 2
    errcode: int = -1
    status: int = 500
    code: str = ""
    data: dict[str, Any] = {}
    hits: int = 0
    seq: int = 0


class Faults:
    """The rules in force."""

    def __init__(self, state: State) -> None:
        """Read the rules kept in the state."""
        self._state = state
        self.rules = state.table(Fault)

    def hit(self, on: str, *effects: str, appid: str = "", person: str = "") -> Fault | None:
        """Return the first rule that strikes here now, counting it; with `effects`, only one of these."""
        if not len(self.rules):
            return None
        for rule in self.rules:
            if effects and rule.effect not in effects:
                continue
            if (rule.appid and rule.appid != appid) or (rule.person and rule.person != person):
                continue
            if not fnmatchcase(on, rule.on) or not self._strikes(rule):
                continue
            return rule
        return None

    def _strikes(self, rule: Fault) -> bool:
        if rule.after > 0:
            rule.after -= 1
            self.rules.put(rule)
            return False
        if rule.times is not None and rule.hits >= rule.times:
            return False
        if rule.chance < 1.0 and self._state.dice.chance() >= rule.chance:
            return False
        rule.hits += 1
        self.rules.put(rule)
        return True
