"""Who is in the demo's play, and what everybody in it can do: move in, and pay at WeChat's cashier."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tongshang.app.seed.build import Built, known_id
from tongshang.app.seed.goods import STREETS
from tongshang.app.seed.simulator import Simulator
from tongshang.fans import consents
from tongshang.platform.world import World
from tongshang.trade import addresses
from tongshang.trade.addresses import Address


@dataclass
class Customer:
    """Somebody who follows the shop."""

    name: str
    nickname: str
    fan: UUID
    openid: str
    address: UUID | None = None


@dataclass(frozen=True)
class Parcel:
    """What is to be sent or handed out, and its luck."""

    order: UUID
    pickup: bool
    rng: random.Random


@dataclass
class Play:
    """One shop's play so far: shops play side by side, each with dice of its own."""

    world: World
    box: Simulator
    shop: Built
    nth: int
    rng: random.Random
    customers: list[Customer] = field(default_factory=list)
    to_send: list[Parcel] = field(default_factory=list)
    sent: list[tuple[UUID, datetime]] = field(default_factory=list)
    placed: int = 0
    pictures: list[UUID] = field(default_factory=list)

    @property
    def merchant(self) -> UUID:
        """Give the shop's merchant."""
        return self.shop.merchant


async def move_in(play: Play, buyer: Customer, rng: random.Random, *, street: Sequence[str] = ()) -> UUID:
    """Agree to the privacy text and keep an address; somewhere, unless told where."""
    province, city, district, street_name = street or rng.choice(STREETS)
    async with play.world.tx(play.merchant) as tx:
        await consents.record(tx, fan_id=buyer.fan, version=(await consents.privacy(tx)).version, accepted=True)
        phone = f"13{rng.randrange(10**9):09d}"
        detail = f"{street_name} {rng.randrange(1, 30)} 栋 {rng.randrange(101, 2699)} 室"
        row = Address(
            known_id("address", buyer.name, *street),
            buyer.fan,
            buyer.nickname,
            phone,
            [province, city, district],
            detail,
            True,
            tx.now,
        )
        await addresses.put(tx, address=row)
    return row.id


async def pay(play: Play, buyer: Customer, bill: Mapping[str, str]) -> None:
    """Pay what was made ready, with the password that everybody in the simulator has."""
    await play.box.act(buyer.name, "pay", **bill, password="123456")
