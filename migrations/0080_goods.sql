-- What goods can be beyond a parcel: their kind, when and to whom they are sold, and what an order keeps of it.

alter table product add column kind text not null default 'physical'
  constraint product_kind_known check (kind in ('physical', 'service', 'ticket', 'virtual', 'bundle'));

-- Whether stock goes when an order is placed (held until it is paid) or only when it is paid.
alter table product add column deduct text not null default 'placing'
  constraint product_deduct_known check (deduct in ('placing', 'paying'));

alter table product add column tags jsonb not null default '[]';

-- Sold between these two moments; null: from ever, for ever.
alter table product add column on_sale_from timestamptz;

alter table product add column on_sale_until timestamptz
  constraint product_sale_window check (on_sale_until > on_sale_from);

-- At most so many pieces of all variants in one order; of one person, within so many days (null: ever).
alter table product add column limit_order integer constraint product_limit_order_some check (limit_order >= 1);

alter table product add column limit_person integer constraint product_limit_person_some check (limit_person >= 1);

alter table product add column limit_days integer constraint product_limit_days_some check (limit_days >= 1);

-- Without a template the shop's flat rate counts.
alter table product add column freight_template_id uuid;

-- What the customer is asked for with the order: a list of {key, name, type, required, options}.
alter table product add column form jsonb not null default '[]';

-- What the kind needs to know: a ticket's validity and uses, a bundle's parts, a presale's deposit.
alter table product add column terms jsonb not null default '{}';

alter table variant add column cost_fen bigint constraint variant_cost_natural check (cost_fen >= 0);

alter table variant add column member_price_fen bigint
  constraint variant_member_price_positive check (member_price_fen >= 1);

alter table variant add column barcode text not null default '';

alter table variant add column weight_g integer not null default 0
  constraint variant_weight_natural check (weight_g between 0 and 10000000);

-- What an order keeps of a line's goods: their kind, whose part or gift it is, and each benefit's share of its price.
alter table order_line add column kind text not null default 'physical';

alter table order_line add column parent_id uuid;

alter table order_line add column gift boolean not null default false;

alter table order_line add column reasons jsonb not null default '[]';

alter table orders add column form jsonb not null default '{}';

-- As app.write_orders of 0070, with what 0080 adds; what a caller does not say takes the column's default.
create or replace function app.write_orders(m uuid, moment timestamptz, orders_asked jsonb, lines_asked jsonb)
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
      total_fen, coupon_id, explanation, address, remark, asked, placed_at, pay_by, form)
    select m, r.id, before + b.nth, r.fan_id, 'unpaid', r.delivery, r.goods_fen, r.discount_fen, r.freight_fen,
      r.total_fen, r.coupon_id, r.explanation, nullif(r.address, 'null'::jsonb), r.remark, decode(r.asked, 'hex'),
      moment, r.pay_by, coalesce(r.form, '{}')
    from jsonb_array_elements(orders_asked) with ordinality as b(o, nth),
      jsonb_to_record(b.o) as r(id uuid, fan_id uuid, delivery text, goods_fen bigint, discount_fen bigint,
        freight_fen bigint, total_fen bigint, coupon_id uuid, explanation jsonb, address jsonb, remark text,
        asked text, pay_by timestamptz, form jsonb);
  insert into order_line (merchant_id, id, order_id, position, product_id, variant_id, title, options, picture_id,
      unit_price_fen, quantity, goods_fen, discount_fen, paid_fen, kind, parent_id, gift, reasons)
    select m, r.id, r.order_id, r.position, r.product_id, r.variant_id, r.title, r.options, r.picture_id,
      r.unit_price_fen, r.quantity, r.goods_fen, r.discount_fen, r.paid_fen, coalesce(r.kind, 'physical'),
      r.parent_id, coalesce(r.gift, false), coalesce(r.reasons, '[]')
    from jsonb_to_recordset(lines_asked) as r(id uuid, order_id uuid, position integer, product_id uuid,
      variant_id uuid, title text, options jsonb, picture_id uuid, unit_price_fen bigint, quantity integer,
      goods_fen bigint, discount_fen bigint, paid_fen bigint, kind text, parent_id uuid, gift boolean,
      reasons jsonb);
  perform app.shelf_changed(m, array(
    select distinct l.product_id from jsonb_to_recordset(lines_asked) as l(product_id uuid)));
  return before;
end $$;
