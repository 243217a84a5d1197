"""Placing orders, gathered per merchant: priced here, and decided and written down in one call of one SQL function.

An order is asked for under the customer's own id. Asking again with the same words is asking once; with other
words it is refused. The answer leaves after the commit, so a late answer is never a lost answer.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from tongshang.platform.batch import Batcher, gathered
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.platform.world import World
from tongshang.trade import addresses, carts, limits, orders, quotes, tenders, writing
from tongshang.trade.asked import Asked, Placed, Ready, own, same
from tongshang.trade.carts import Want
from tongshang.trade.freights import local, templates
from tongshang.trade.freights.model import Rates
from tongshang.trade.model import BROUGHT, COLUMNS, BasketLine, Delivery, Order, Price
from tongshang.trade.parts import forms
from tongshang.trade.presales import model as presales
from tongshang.trade.prices.rules import Rules
from tongshang.trade.prices.sent import Brought, Sent
from tongshang.trade.seams import Ask

SOME = f"select {COLUMNS} from orders where merchant_id = $1 and id = any($2)"


class NeedsAddress(Refused):
    """Choose a delivery address."""

    code, status, zh = "order.needs_address", 400, "请选择收货地址。"


async def place(world: World, merchant: UUID, asked: Asked) -> Order:
    """Place an order, together with whoever else is placing one just now; refuses in the customer's words."""
    return (await placed(world, merchant, asked)).order


async def placed(world: World, merchant: UUID, asked: Asked) -> Placed:
    """Place an order as `place` does, and give what is known of it without reading it again."""
    batch = gathering(world)
    try:
        return await batch.ask(merchant, asked)
    except asyncpg.UniqueViolationError:
        # Another process placed this very order, or this person's nth of the same goods, at this moment: now it is
        # known. What is twice for another reason breaks again.
        return await batch.ask(merchant, asked)


def gathering(world: World) -> Batcher[Asked, Placed]:
    """Give what gathers this process's orders, merchant by merchant."""
    return gathered(world, "trade.place", place_all)


async def place_all(tx: Tx, batch: Sequence[Asked]) -> list[Placed | Exception]:
    """Place orders of one merchant in the caller's transaction."""
    answers: dict[UUID, Placed | Exception] = {}
    refused: dict[int, Refused] = {}
    ready: dict[UUID, Ready] = {}
    found = await tx.all(Order, SOME, tx.merchant, list({asked.order_id for asked in batch}))
    known = {order.id: order for order in found}
    table = await _Table.laid(tx, [asked for asked in batch if asked.order_id not in known])
    for nth, asked in enumerate(batch):
        try:
            if asked.order_id in ready:
                same(ready[asked.order_id].asked, asked)
            elif asked.order_id in known:
                answers[asked.order_id] = Placed(own(known[asked.order_id], asked))
            else:
                ready[asked.order_id] = await table.ready(asked)
        except Refused as refusal:
            # By place, not by id: whoever comes with other words under an id must not undo whose it is.
            refused[nth] = refusal
    for order, poor in (await tenders.refused(tx, ready=ready)).items():
        answers[order] = poor
        del ready[order]
    if ready:
        decided = await writing.write(tx, ready=ready)
        answers |= decided
        answers |= await _tendered(tx, {order: ready[order] for order in decided if isinstance(decided[order], Placed)})
    return await _meanwhile(tx, batch, [refused.get(nth) or answers[one.order_id] for nth, one in enumerate(batch)])


async def _meanwhile(tx: Tx, batch: Sequence[Asked], made: list[Placed | Exception]) -> list[Placed | Exception]:
    """Give instead of refusals the orders that another process has placed since we looked: the same click, twice."""
    some = [one.order_id for one, answer in zip(batch, made, strict=True) if isinstance(answer, Refused)]
    found = {order.id: order for order in await tx.all(Order, SOME, tx.merchant, some)} if some else {}
    for nth, asked in enumerate(batch):
        if asked.order_id in found and isinstance(made[nth], Refused):
            try:
                made[nth] = Placed(own(found[asked.order_id], asked))
            except Refused as refusal:
                made[nth] = refusal
    return made


@dataclass(frozen=True)
class _Deal:
    """What a basket comes to: the same for all who want the same, which is what makes a flash sale cheap."""

    lines: list[BasketLine]
    bought: list[BasketLine]
    """The lines, and what was added on."""
    goods: dict[UUID, BasketLine]
    delivery: Delivery
    price: Price
    token: str
    limited: dict[str, list[Any]]


@dataclass(frozen=True)
class _Table:
    """What the orders of a batch are made of, read once for all of them."""

    tx: Tx
    baskets: dict[Want, list[BasketLine]]
    rules: dict[Ask, Rules | Refused]
    sent: Sent
    addresses: dict[tuple[UUID, UUID], dict[str, Any]]
    deals: dict[Hashable, _Deal | Refused] = field(default_factory=dict)

    @classmethod
    async def laid(cls, tx: Tx, batch: Sequence[Asked]) -> "_Table":
        """Read baskets, freight and addresses."""
        wants = list(dict.fromkeys(quotes.want(asked.fan_id, asked.wanted) for asked in batch))
        if not wants:
            return cls(tx, {}, {}, Sent(Rates()), {})
        baskets = dict(zip(wants, await carts.baskets(tx, wants=wants), strict=True))
        ids = list({asked.address_id for asked in batch if asked.address_id is not None})
        asks = [_ask(asked) for asked in batch]
        rules = dict(zip(asks, await quotes.rules(tx, asks), strict=True))
        sent = Sent(await templates.rates(tx))
        return cls(tx, baskets, rules, sent, await addresses.snapshots(tx, ids=ids))

    async def ready(self, asked: Asked) -> Ready:
        """Price the basket as it is now, and refuse what cannot be bought or is not what was shown."""
        if "\x00" in asked.remark:  # which no database keeps: it would break the batch, and all would be asked alone
            raise Invalid(field="remark", problem="unreadable")
        rules = self.rules[_ask(asked)]
        if isinstance(rules, Refused):
            raise rules
        address = None if asked.address_id is None else self.addresses.get((asked.fan_id, asked.address_id))
        deal = self._deal(asked, rules, address["region"] if address else None)
        if deal.token != asked.quote_token or asked.expected_total_fen not in (None, deal.price.total_fen):
            quotes.refuse_other(
                self.tx, shown=asked.quote_token, price=deal.price,
                wanted=msgspec.structs.replace(asked.wanted, delivery=deal.delivery),
                expected_fen=asked.expected_total_fen,
            )  # fmt: skip
        form = forms.answered(deal.bought, asked.form)
        if deal.delivery not in BROUGHT:
            address = None
        elif asked.address_id is None:
            raise NeedsAddress
        elif address is None:
            raise NotFound
        elif deal.delivery == Delivery.LOCAL and (when := local.window(self.sent.rates.local, asked.window)):
            address = {**address, "window": when}
        return Ready(
            asked, asked.words(), deal.price, deal.delivery, form, deal.lines, deal.goods, address, deal.limited
        )

    def _deal(self, asked: Asked, rules: Rules, region: list[str] | None) -> _Deal:
        """Price a basket once for all who want the same and for whom the same rules hold."""
        wanted = asked.wanted
        alike = None if wanted.variant_id is None or rules.coupon is not None else (
            wanted.variant_id, wanted.quantity, wanted.delivery, wanted.addons, tuple(region or ()), rules.member,
            rules.closed, frozenset(rules.pieces.items()),
        )  # fmt: skip
        known = self.deals.get(alike) if alike else None
        if known is None:
            try:
                known = self._made(asked, rules, region)
            except Refused as refusal:
                known = refusal
            if alike:
                self.deals[alike] = known
        if isinstance(known, Refused):
            raise known.with_traceback(None)  # the same for all, and nobody else's way to it
        return known

    def _made(self, asked: Asked, rules: Rules, region: list[str] | None) -> _Deal:
        lines = quotes.checked(asked.wanted, self.baskets[quotes.want(asked.fan_id, asked.wanted)])
        for line in lines:
            if refusal := quotes.problem(line, self.tx.now):
                raise refusal
        if refusal := presales.refusal(lines, self.tx.now):
            raise refusal
        wanted, rates = quotes.sent_with(
            lines, rules, asked.wanted, lambda delivery: quotes.rates_of(self.sent, delivery, region)
        )
        price = quotes.priced(lines, rules, rates)
        bought = [*lines, *limits.added(price, rules.goods)]
        if refusal := limits.too_many(bought):
            raise refusal
        if isinstance(rates, Sent | Brought) and region and (refusal := rates.refused(lines)):
            raise refusal
        goods = {line.variant_id: line for line in (*rules.goods.values(), *lines)}
        token = quotes.token(self.tx, price, wanted, wanted.coupon_id)
        return _Deal(lines, bought, goods, wanted.delivery, price, token, limits.counted(bought))


def _ask(asked: Asked) -> Ask:
    return Ask(asked.order_id, asked.fan_id, asked.wanted.coupon_id, asked.wanted.addons)


async def _tendered(tx: Tx, ready: dict[UUID, Ready]) -> dict[UUID, Placed]:
    """Set aside what orders are paid with besides WeChat; what is paid whole by it is paid here and now."""
    some = [order for order, one in ready.items() if one.asked.balance_fen]
    if not some:
        return {}
    await orders.mark_all_paid(tx, orders=await tenders.hold(tx, ready=ready))
    return {order.id: Placed(order) for order in await tx.all(Order, SOME, tx.merchant, some)}
