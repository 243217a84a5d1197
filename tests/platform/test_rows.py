"""Rows become nouns: what the driver gives as strings or lists becomes what the noun says."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongshang.platform import rows
from tongshang.tenancy.model import Role

ONE = UUID(int=1)


@dataclass(frozen=True)
class Noun:
    """One field of each sort."""

    id: UUID
    other: UUID | None
    many: list[UUID]
    role: Role
    at: datetime | None
    words: list[str]


def test_a_json_list_of_ids_is_a_list_of_ids() -> None:
    record = {"id": ONE, "other": None, "many": [str(ONE)], "role": "clerk", "at": None, "words": ["a"]}
    noun = rows.load(Noun, record)
    assert noun == Noun(ONE, None, [ONE], Role.CLERK, None, ["a"])
    assert isinstance(noun.role, Role)
