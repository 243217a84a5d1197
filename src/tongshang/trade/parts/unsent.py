"""What is paid and still lies in the shop, for whoever counts it: parcels to be sent, goods to be fetched."""

from uuid import UUID

from tongshang.platform.db import Tx

# An order of one plain part owes its lines; one of several parts owes the items of those parts that travel.
UNSENT = """
select coalesce(sum(x.pieces), 0)::integer from (
  select l.quantity - l.refunded_quantity - l.sent + l.sent_back as pieces
  from orders o join order_line l on l.merchant_id = o.merchant_id and l.order_id = o.id
  where o.merchant_id = $1 and o.state = 'paid' and l.variant_id = $2 and not exists (
    select 1 from order_part p where p.merchant_id = o.merchant_id and p.order_id = o.id)
  union all
  select (l.quantity - l.refunded_quantity - l.sent + l.sent_back) * (i ->> 'per_piece')::integer
  from orders o join order_part p on p.merchant_id = o.merchant_id and p.order_id = o.id
  cross join lateral jsonb_array_elements(p.items) i
  join order_line l on l.merchant_id = p.merchant_id and l.order_id = p.order_id and l.id = (i ->> 'line_id')::uuid
  where o.merchant_id = $1 and o.state = 'paid' and p.state = 'waiting'
    and p.fulfilment in ('express', 'local', 'pickup') and i ->> 'variant_id' = $2::text) x"""


async def unsent(tx: Tx, variant: UUID) -> int:
    """Fill the stock count's UNSENT seam: how many pieces are paid and have not left yet."""
    return int(await tx.value(UNSENT, tx.merchant, variant))
