-- Orders of several parts, each fulfilled in its own way; bundles, and codes that are goods.

-- Nothing is sent and nothing fetched: tickets, codes and services need no address.
-- squawk-ignore ban-drop-constraint
alter table orders drop constraint orders_delivery_known;

alter table orders add constraint orders_delivery_known check (delivery in ('express', 'pickup', 'none')) not valid;

-- What an order owes, by how it is handed over. An order of nothing but parcels or nothing but goods across the
-- counter has no rows here: it is its own one part, and its own state says where it stands.
-- items: what was promised, as it was when the order was placed (pieces, terms, a bundle's parts and their shares).
create table order_part (
  merchant_id uuid not null,
  order_id uuid not null,
  fulfilment text not null,
  state text not null,
  items jsonb not null,
  ended_at timestamptz,
  constraint order_part_pk primary key (merchant_id, order_id, fulfilment),
  constraint order_part_order_fk foreign key (merchant_id, order_id) references orders (merchant_id, id),
  constraint order_part_fulfilment_known check (fulfilment in ('express', 'pickup', 'service', 'ticket', 'virtual')),
  constraint order_part_state_known check (state in ('waiting', 'sent', 'done', 'dropped')),
  constraint order_part_end_has_time check ((state in ('done', 'dropped')) = (ended_at is not null)),
  constraint order_part_some check (jsonb_array_length(items) >= 1)
);

select app.tenant('order_part');

create index order_part_open on order_part (merchant_id, fulfilment, order_id) where state = 'waiting';

-- What a bundle is made of. Its stock is that of its parts; `quantity` pieces of each go into one bundle.
create table bundle_part (
  merchant_id uuid not null,
  bundle_id uuid not null,
  variant_id uuid not null,
  position integer not null,
  quantity integer not null,
  constraint bundle_part_pk primary key (merchant_id, bundle_id, variant_id),
  constraint bundle_part_bundle_fk foreign key (merchant_id, bundle_id) references product (merchant_id, id),
  constraint bundle_part_variant_fk foreign key (merchant_id, variant_id) references variant (merchant_id, id),
  constraint bundle_part_some check (quantity between 1 and 99)
);

select app.tenant('bundle_part');

create index bundle_part_of_variant on bundle_part (merchant_id, variant_id);

-- Codes that are goods. What is free is what is in stock; a code is given to one line of one order, and is known
-- to be seen once its buyer has looked. hash: keyed, so that the same code twice is found without reading any.
create table goods_code (
  merchant_id uuid not null,
  id uuid not null,
  variant_id uuid not null,
  code_sealed bytea not null,
  hash bytea not null,
  hint text not null,
  state text not null,
  added_at timestamptz not null,
  order_id uuid,
  line_id uuid,
  given_at timestamptz,
  revealed_at timestamptz,
  constraint goods_code_pk primary key (merchant_id, id),
  constraint goods_code_once unique (merchant_id, variant_id, hash),
  constraint goods_code_variant_fk foreign key (merchant_id, variant_id) references variant (merchant_id, id),
  constraint goods_code_state_known check (state in ('free', 'given', 'void')),
  constraint goods_code_free_is_nobodys check (state <> 'free' or (order_id is null and revealed_at is null)),
  constraint goods_code_given_to_somebody check (state <> 'given' or (order_id is not null and line_id is not null)),
  constraint goods_code_given_has_time check ((order_id is null) = (given_at is null)),
  constraint goods_code_seen_was_given check (revealed_at is null or given_at is not null)
);

select app.tenant('goods_code');

create index goods_code_free on goods_code (merchant_id, variant_id, id) where state = 'free';

create index goods_code_of_order on goods_code (merchant_id, order_id) where order_id is not null;

-- As in 0030, and what is in a bundle changes the bundle.
create or replace function app.shelf_changed(m uuid, products uuid[]) returns void language plpgsql as $$
begin
  insert into shelf_version (merchant_id, subject_id, version)
    select m, s.id, 1 from (
      select distinct p as id from unnest(products || '00000000-0000-0000-0000-000000000000'::uuid || array(
        select b.bundle_id from bundle_part b join variant v on v.merchant_id = b.merchant_id and v.id = b.variant_id
        where b.merchant_id = m and v.merchant_id = m and v.product_id = any(products))) p order by 1) s
    on conflict (merchant_id, subject_id) do update set version = shelf_version.version + 1;
end $$;

-- As app.write_orders of 0080, but what is held is said beside the lines: a bundle holds its parts, not itself.
create function app.write_orders(m uuid, moment timestamptz, orders_asked jsonb, lines_asked jsonb, holds_asked jsonb)
returns bigint language plpgsql as $$
declare
  before bigint;
begin
  insert into counter (merchant_id, name, value) values (m, 'order', jsonb_array_length(orders_asked))
    on conflict (merchant_id, name) do update set value = counter.value + excluded.value
    returning 100000 + value - jsonb_array_length(orders_asked) into before;
  insert into stock_hold (merchant_id, holder_id, variant_id, quantity, state, at)
    select m, l.order_id, l.variant_id, sum(l.quantity), 'held', moment
    from jsonb_to_recordset(holds_asked) as l(order_id uuid, variant_id uuid, quantity integer) group by 2, 3;
  update stock s set reserved = s.reserved + l.quantity from (
    select x.variant_id, sum(x.quantity)::integer as quantity
    from jsonb_to_recordset(holds_asked) as x(variant_id uuid, quantity integer) group by 1) l
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
    select distinct l.product_id from jsonb_to_recordset(lines_asked || holds_asked) as l(product_id uuid)));
  return before;
end $$;

grant execute on function app.write_orders(uuid, timestamptz, jsonb, jsonb, jsonb) to tongshang_app, tongshang_system;
