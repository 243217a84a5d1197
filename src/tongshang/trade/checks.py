"""What must be true of a merchant's orders: their sums, who paid them, what went back, and what they hold of stock."""

from tongshang.platform.checks import by_sql

SUMS = """
select o.number from orders o join lateral (
  select sum(l.goods_fen) as goods, sum(l.paid_fen) as paid, count(*) as n,
    bool_or(l.paid_fen <> l.goods_fen - l.discount_fen) as off
  from order_line l where l.merchant_id = o.merchant_id and l.order_id = o.id) l on true
where o.merchant_id = $1 and (o.total_fen <> o.goods_fen - o.discount_fen + o.freight_fen
  or l.n = 0 or l.goods is distinct from o.goods_fen or l.paid > o.total_fen or l.off)
order by o.number"""
# A presale is paid twice: its deposit under the order's id, the rest under that of what it owed.
PAID = """
select o.number from orders o left join order_balance b on b.merchant_id = o.merchant_id and b.order_id = o.id
join lateral (
  select coalesce(sum(a.paid_fen), 0) as fen from charge c
  join charge_attempt a on a.merchant_id = c.merchant_id and a.id = c.paid_attempt_id
  where c.merchant_id = o.merchant_id and c.state = 'paid' and c.subject_id in (o.id, b.id)) c on true
where o.merchant_id = $1 and o.paid_at is not null and c.fen <> o.total_fen - o.tendered_fen
order by o.number"""
TENDERS = """
select o.number from orders o left join lateral (
  select coalesce(sum(t.amount_fen), 0) as fen, bool_or(t.state = 'taken') as taken, bool_or(t.state = 'held') as held
  from order_tender t where t.merchant_id = o.merchant_id and t.order_id = o.id) t on true
where o.merchant_id = $1 and (o.tendered_fen <> t.fen or (o.paid_at is not null and t.held)
  or (o.paid_at is null and t.taken)) order by o.number"""
REFUNDS = """
select o.number from orders o left join lateral (
  select coalesce(sum(r.amount_fen), 0) as fen from order_refund r
  where r.merchant_id = o.merchant_id and r.order_id = o.id) r on true
left join lateral (
  select sum(l.refunded_fen) as fen, bool_or(l.refunded_fen > l.paid_fen) as over
  from order_line l where l.merchant_id = o.merchant_id and l.order_id = o.id) l on true
where o.merchant_id = $1 and (o.refunded_fen <> r.fen or l.over or l.fen > o.refunded_fen
  or o.refunded_fen > case when o.paid_at is null then o.deposit_fen else o.total_fen end)
order by o.number"""
PARTS = """
select o.number from order_refund r join orders o on o.merchant_id = r.merchant_id and o.id = r.order_id
join lateral (
  select sum(p.amount_fen) as fen, bool_and(p.state = 'settled') as settled from order_refund_part p
  where p.merchant_id = r.merchant_id and p.refund_id = r.id) p on p.fen is not null
where r.merchant_id = $1 and (p.fen <> r.amount_fen or p.settled <> (r.state = 'settled')) order by o.number"""
ENDLESS = """
select distinct h.holder_id from stock_hold h
left join orders o on o.merchant_id = h.merchant_id and o.id = h.holder_id
  and o.state in ('unpaid', 'closing', 'deposit')
where h.merchant_id = $1 and h.state in ('held', 'open') and o.id is null"""

checks = [
    by_sql("orders", "订单金额等于各行之和", "an order's sums are those of its lines", SUMS),
    by_sql("paid", "已付订单的钱都收到了", "the money of every paid order is there", PAID),
    by_sql("tenders", "订单的余额抵扣相符", "what orders took from balances agrees", TENDERS),
    by_sql("order_refunds", "订单退款合计相符，且不超过实付", "orders give back what they promised", REFUNDS),
    by_sql("refund_parts", "退款各部分合计相符", "the parts of a refund are the whole of it", PARTS),
    by_sql("holds", "占用库存的都是未付款订单", "stock is held by orders that still may, and nobody else", ENDLESS),
]
