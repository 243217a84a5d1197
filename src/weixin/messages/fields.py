"""Reading the fields of a push, whatever shape a stranger gave them; JSON pushes carry numbers where XML has text."""

from typing import Any

from weixin.errors import BadMessage
from weixin.safexml import Fields


def text(fields: Fields, name: str) -> str:
    """Give a field that must be there; raises BadMessage."""
    value = maybe(fields, name)
    if value is None:
        raise BadMessage(f"no {name}")
    return value


def maybe(fields: Fields, name: str) -> str | None:
    """Give a field's words, or None when it is missing, empty or no words at all."""
    value: Any = fields.get(name)
    if isinstance(value, bool | dict | list) or value is None or value == "":
        return None
    return str(value)


def words(fields: Fields, name: str) -> str:
    """Give a field's words, or none."""
    return maybe(fields, name) or ""


def number(fields: Fields, name: str) -> int:
    """Give a number that must be there; raises BadMessage."""
    value = text(fields, name)
    if not (value.isascii() and value.isdigit()) or len(value) > 18:
        raise BadMessage(f"{name} is not a number")
    return int(value)


def count(fields: Fields, name: str) -> int:
    """Give a number, or 0 when there is none."""
    value = words(fields, name)
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else 0


def part(fields: Fields, name: str) -> Fields:
    """Give the fields nested under a name, or none."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def rows(fields: Fields, name: str) -> list[Fields]:
    """Give the nested fields that repeat under a name; one alone is a list of one."""
    value = fields.get(name)
    return [row for row in (value if isinstance(value, list) else [value]) if isinstance(row, dict)]


def values(fields: Fields, name: str) -> tuple[str, ...]:
    """Give the plain values that repeat under a name."""
    value = fields.get(name)
    several = value if isinstance(value, list) else [value]
    return tuple(str(one) for one in several if isinstance(one, str | int) and not isinstance(one, bool) and one != "")


def rest(fields: Fields, *told: str) -> dict[str, str]:
    """Give what else a push says, as text, beside the envelope and what was told; nested ones as `Outer.Inner`."""
    found: dict[str, str] = {}
    for name, value in fields.items():
        if name in _ENVELOPE or name in told:
            continue
        if (said := maybe(fields, name)) is not None:
            found[name] = said
        elif isinstance(value, dict):
            found |= {f"{name}.{inner}": said for inner in value if (said := maybe(value, inner)) is not None}
    return found


_ENVELOPE = frozenset({"ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "MsgDataId", "Idx", "Encrypt"})
