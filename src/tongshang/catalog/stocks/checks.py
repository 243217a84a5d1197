"""What must be true of a merchant's stock: it is the sum of its movements, and reserved is what is held."""

from tongshang.catalog.stocks import moves
from tongshang.platform.checks import MOST, Check, by_sql
from tongshang.platform.db import Tx

RESERVED = """
select s.variant_id from stock s left join lateral (
  select coalesce(sum(h.quantity), 0) as held from stock_hold h
  where h.merchant_id = s.merchant_id and h.variant_id = s.variant_id and h.place_id = s.place_id
    and h.state = 'held') h on true
where s.merchant_id = $1 and (s.reserved <> h.held or s.on_hand < s.reserved)"""


async def _broken(tx: Tx) -> list[str]:
    return [str(variant) for variant in (await moves.broken(tx))[:MOST]]


checks = [
    Check("stock", "库存等于出入库流水之和", "stock is the sum of its movements, without a gap", _broken),
    by_sql("reserved", "占用数等于未付款订单所占", "what is reserved is what orders hold", RESERVED),
]
