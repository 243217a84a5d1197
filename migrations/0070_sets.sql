-- Orders that were decided together are written together: each table once for the whole batch.

-- Writes a batch of one merchant's orders whose stock rows the caller holds locked and has found sufficient; the
-- table's CHECK says so again. Numbers follow the batch's order; answers with the number before the first.
-- (app.place_orders, which took order by order, stays for processes that are still of the release before.)
create function app.write_orders(m uuid, moment timestamptz, orders_asked jsonb, lines_asked jsonb)
returns bigint language plpgsql as $$
declare
  before bigint;
begin
  insert into counter (merchant_id, name, value) values (m, 'order', jsonb_array_length(orders_asked))
    on conflict (merchant_id, name) do update set value = counter.value + excluded.value
    returning 100000 + value - jsonb_array_length(orders_asked) into before;
  insert into stock_hold (merchant_id, holder_id, variant_id, quantity, state, at)
    select m, l.order_id, l.variant_id, sum(l.quantity), 'held', moment
    from jsonb_to_recordset(lines_asked) as l(order_id uuid, variant_id uuid, quantity integer) group by 2, 3;
  update stock s set reserved = s.reserved + l.quantity from (
    select x.variant_id, sum(x.quantity)::integer as quantity
    from jsonb_to_recordset(lines_asked) as x(variant_id uuid, quantity integer) group by 1) l
  where s.merchant_id = m and s.variant_id = l.variant_id;
  insert into orders (merchant_id, id, number, fan_id, state, delivery, goods_fen, discount_fen, freight_fen,
      total_fen, coupon_id, explanation, address, remark, asked, placed_at, pay_by)
    select m, r.id, before + b.nth, r.fan_id, 'unpaid', r.delivery, r.goods_fen, r.discount_fen, r.freight_fen,
      r.total_fen, r.coupon_id, r.explanation, nullif(r.address, 'null'::jsonb), r.remark, decode(r.asked, 'hex'),
      moment, r.pay_by
    from jsonb_array_elements(orders_asked) with ordinality as b(o, nth),
      jsonb_to_record(b.o) as r(id uuid, fan_id uuid, delivery text, goods_fen bigint, discount_fen bigint,
        freight_fen bigint, total_fen bigint, coupon_id uuid, explanation jsonb, address jsonb, remark text,
        asked text, pay_by timestamptz);
  insert into order_line (merchant_id, id, order_id, position, product_id, variant_id, title, options, picture_id,
      unit_price_fen, quantity, goods_fen, discount_fen, paid_fen)
    select m, r.id, r.order_id, r.position, r.product_id, r.variant_id, r.title, r.options, r.picture_id,
      r.unit_price_fen, r.quantity, r.goods_fen, r.discount_fen, r.paid_fen
    from jsonb_to_recordset(lines_asked) as r(id uuid, order_id uuid, position integer, product_id uuid,
      variant_id uuid, title text, options jsonb, picture_id uuid, unit_price_fen bigint, quantity integer,
      goods_fen bigint, discount_fen bigint, paid_fen bigint);
  perform app.shelf_changed(m, array(
    select distinct l.product_id from jsonb_to_recordset(lines_asked) as l(product_id uuid)));
  return before;
end $$;

grant execute on function app.write_orders to tongshang_app, tongshang_system;
