"""What waits for the merchant's people, as the console's menu counts it: one query, asked anew when something happens.

Each figure is read from the few rows that wait: an index holds them, or a table has nothing else in it. What runs low
is what the merchant was told of (every five minutes), less what there is enough of by now.
"""

import msgspec
from litestar import get

from tongshang.catalog.model import LOW
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

WAITING = """select
  (select count(*)::integer from orders
   where merchant_id = $1 and state = 'paid' and delivery in ('express', 'local')) as orders,
  (select count(*)::integer from aftersale
   where merchant_id = $1 and state in ('asked', 'returning', 'received')) as after_sales,
  (select count(*)::integer from order_refund where merchant_id = $1 and state in ('stalled', 'closed')) as refunds,
  (select count(*)::integer from bill_difference where merchant_id = $1 and state = 'open')
  + (select count(*)::integer from pay_notice
     where merchant_id = $1 and state = 'suspicious' and reviewed_at is null) as differences,
  (select count(*)::integer from sharing_split where merchant_id = $1 and state = 'stuck')
  + (select count(*)::integer from sharing_return where merchant_id = $1 and state = 'failed')
  + (select count(*)::integer from sharing_unwound u
     join refund f on f.merchant_id = u.merchant_id and f.id = u.refund_id
     where u.merchant_id = $1 and u.owed and u.settled_at is null and f.state = 'closed') as shares,
  (select count(*)::integer from payout where merchant_id = $1 and state = 'stalled') as payouts,
  (select count(*)::integer from low_stock k
   join stock s on s.merchant_id = k.merchant_id and s.variant_id = k.variant_id and s.place_id = k.place_id
   join variant v on v.merchant_id = k.merchant_id and v.id = k.variant_id
   join product p on p.merchant_id = v.merchant_id and p.id = v.product_id
   where k.merchant_id = $1 and not v.gone and p.state = 'on'
     and s.on_hand - s.reserved - s.safety <= coalesce(s.warn_at, $2)) as low_stock"""


class Waiting(msgspec.Struct, frozen=True):
    """Orders to send, cases to answer, refunds, shares and pay-outs that are stuck, differences, and what runs low."""

    orders: int
    after_sales: int
    refunds: int
    differences: int
    shares: int
    payouts: int
    low_stock: int


@get("/waiting", operation_id="get_waiting", opt={"role": Role.CLERK})
async def get_waiting(who: Staff) -> Waiting:
    """Count what waits for somebody."""
    async with who.tx() as tx:
        return await tx.one(Waiting, WAITING, tx.merchant, LOW)


console = [get_waiting]
