"""A person's address book in WeChat, from which openAddress chooses."""

from typing import Any

import msgspec

from wxsandbox.http import Call
from wxsandbox.people import Person, person_of
from wxsandbox.routes import Route
from wxsandbox.validate import control

HOST = "_sandbox"


class Place(msgspec.Struct):
    """One address, as openAddress hands it out."""

    name: str
    phone: str
    province: str
    city: str
    county: str
    detail: str
    postal_code: str = ""


class AddressBook(msgspec.Struct):
    """The addresses of one person."""

    id: str  # the person
    items: list[Place]


def book(call: Call, person: Person) -> AddressBook:
    """Return a person's addresses; everybody starts with a home and a workplace."""
    kept: AddressBook | None = call.box.table(AddressBook).get(person.id)
    if kept is not None:
        return kept
    phone = f"138{int(call.box.dice.stable('phone', person.id, size=8).encode().hex(), 16) % 10**8:08d}"
    home = Place(person.nickname, phone, "浙江省", "杭州市", "西湖区", "龙井路 18 号 3 幢 502 室", "310013")
    work = Place(person.nickname, phone, "上海市", "上海市", "黄浦区", "南京东路 299 号 12 楼", "200001")
    return AddressBook(person.id, [home, work])


async def read_book(call: Call) -> Any:
    """Show a person's addresses."""
    return {"items": book(call, person_of(call.box, call.params["name"])).items}


async def add(call: Call) -> Any:
    """Put one more address on top of the book."""
    kept = book(call, person_of(call.box, call.params["name"]))
    kept.items = [control(call.body, Place), *kept.items]
    call.box.table(AddressBook).put(kept)
    return {"items": kept.items}


ROUTES = (
    Route(HOST, "GET", "/people/{name}/addresses", read_book, journal=False),
    Route(HOST, "POST", "/people/{name}/addresses", add, body=Place),
)
