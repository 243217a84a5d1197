"""Purchase limits and the time on sale: refused in words, and decided where orders are placed, by app.place_batch.

A limit counts all variants of a product. What a person bought is counted from `purchase`: rows written with the order,
each the nth of its person and product, so that of two orders of one moment only one can be it; the row's CHECK says the
limit again. An order that comes to nothing takes its rows with it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.trade.model import BasketLine, Price
from tongshang.trade.prices.rules import Addon, Rules

BOUGHT = """
select p.product_id, p.fan_id, p.quantity, p.at from purchase p
join (select distinct * from unnest($2::uuid[], $3::uuid[]) as w(product_id, fan_id)) w
  on w.product_id = p.product_id and w.fan_id = p.fan_id
where p.merchant_id = $1"""
RELEASE = "delete from purchase where merchant_id = $1 and order_id = any($2)"
SHANGHAI = ZoneInfo("Asia/Shanghai")


class TooManyAtOnce(Refused):
    """At most {most} of {title} in one order."""

    code, status, zh = "basket.limit_order", 409, "“{title}” 每单限购 {most} 件。"


class LimitReached(Refused):
    """Each person may buy {most} of {title}; you can still buy {left}."""

    code, status, zh = "basket.limit_person", 409, "“{title}” 每人限购 {most} 件，您还可购买 {left} 件。"


class LimitReachedInDays(Refused):
    """Each person may buy {most} of {title} within {days} days; you can still buy {left}."""

    code, status, zh = "basket.limit_person", 409, "“{title}” 每人 {days} 天内限购 {most} 件，您还可购买 {left} 件。"


class NotOnSale(Refused):
    """{title} goes on sale at {at}."""

    code, status, zh = "basket.not_on_sale", 409, "“{title}” 即将开售，开售时间：{at}。"


class SaleOver(Refused):
    """The sale of {title} ended at {at}."""

    code, status, zh = "basket.not_on_sale", 409, "“{title}” 已于 {at} 结束销售。"


class Bought(msgspec.Struct, frozen=True):
    """One purchase of a person's that still counts."""

    product_id: UUID
    fan_id: UUID
    quantity: int
    at: datetime


def off_sale(line: BasketLine, now: datetime) -> Refused | None:
    """Say why a line is not on sale at this moment, if it is not."""
    if line.on_sale_from is not None and now < line.on_sale_from:
        return NotOnSale(title=line.title, at=_clock(line.on_sale_from))
    if line.on_sale_until is not None and now >= line.on_sale_until:
        return SaleOver(title=line.title, at=_clock(line.on_sale_until))
    return None


def when(moment: datetime) -> str:
    """Write a moment as refusals say it: on the merchant's clock."""
    return _clock(moment)


def _clock(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def pieces_of(lines: Iterable[BasketLine]) -> dict[UUID, tuple[BasketLine, int]]:
    """Count the pieces of each product, all variants together; with one of its lines, which knows its limits."""
    counts: Counter[UUID] = Counter()
    one: dict[UUID, BasketLine] = {}
    for line in lines:
        counts[line.product_id] += line.quantity
        one.setdefault(line.product_id, line)
    return {product: (one[product], count) for product, count in counts.items()}


def too_many(lines: Iterable[BasketLine]) -> Refused | None:
    """Say which product one order has too many of, if any."""
    return next((refusal for line, count in pieces_of(lines).values() if (refusal := _at_once(line, count))), None)


def _at_once(line: BasketLine, count: int) -> Refused | None:
    if line.limit_order is not None and count > line.limit_order:
        return TooManyAtOnce(title=line.title, most=line.limit_order)
    return None


@dataclass(frozen=True)
class Counts:
    """What people bought so far of what they want."""

    now: datetime
    known: dict[tuple[UUID, UUID], list[Bought]] = field(default_factory=dict)

    @classmethod
    async def read(cls, tx: Tx, *, wanted: Sequence[tuple[UUID, UUID]]) -> "Counts":
        """Read what (product, fan) bought; nothing is read where nothing is limited."""
        counts = cls(tx.now)
        if wanted:
            products, fans = zip(*wanted, strict=True)
            for row in await tx.all(Bought, BOUGHT, tx.merchant, products, fans):
                counts.known.setdefault((row.product_id, row.fan_id), []).append(row)
        return counts

    def left(self, line: BasketLine, fan: UUID) -> int | None:
        """Say how many pieces of a product somebody may still buy (None: as many as he likes)."""
        if line.limit_person is None:
            return None
        since = None if line.limit_days is None else self.now - timedelta(days=line.limit_days)
        rows = self.known.get((line.product_id, fan), [])
        return max(0, line.limit_person - sum(row.quantity for row in rows if since is None or row.at > since))

    def problems(self, lines: Iterable[BasketLine], fan: UUID) -> list[tuple[BasketLine, Refused]]:
        """Say of which products there are too many for one order, or for this person; with a line of each."""
        return [
            (line, refusal)
            for line, count in pieces_of(lines).values()
            if (refusal := _at_once(line, count) or self._over(line, count, fan))
        ]

    def _over(self, line: BasketLine, count: int, fan: UUID) -> Refused | None:
        left = self.left(line, fan)
        return None if left is None or count <= left else reached(line, left)


def reached(line: BasketLine, left: int) -> Refused:
    """Say that a person may have no more than so many of a product any more."""
    words: Mapping[str, Any] = {"title": line.title, "most": line.limit_person, "left": left}
    return LimitReached(**words) if line.limit_days is None else LimitReachedInDays(**words, days=line.limit_days)


def counted(lines: Iterable[BasketLine]) -> dict[str, list[Any]]:
    """Say which products of an order are limited by person, as app.place_batch takes them; empty where none is."""
    some = [(line, count) for line, count in pieces_of(lines).values() if line.limit_person is not None]
    if not some:
        return {}
    return {
        "products": [line.product_id for line, _ in some],
        "pieces": [count for _, count in some],
        "mosts": [line.limit_person for line, _ in some],
        "days": [line.limit_days for line, _ in some],
    }


def wished(addons: Iterable[Addon], known: Rules | Refused) -> list[BasketLine]:
    """Give the goods that somebody would add on."""
    goods = {} if isinstance(known, Refused) else known.goods
    return [goods[one.variant_id] for one in addons if one.variant_id in goods]


def added(price: Price, goods: Mapping[UUID, BasketLine]) -> list[BasketLine]:
    """Give what is bought beside a basket: what was added on counts as bought, what is given does not."""
    extra = [line for line in price.lines if line.parent is not None and not line.gift]
    return [msgspec.structs.replace(goods[line.variant_id], quantity=line.quantity) for line in extra]


async def release(tx: Tx, *, orders: Sequence[UUID]) -> None:
    """Forget what orders that came to nothing had counted; harmless when repeated."""
    await tx.run(RELEASE, tx.merchant, list(orders))
