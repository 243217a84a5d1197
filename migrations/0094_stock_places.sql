-- Stock by place, down to its keys: a variant lies in as many places as a merchant has, each with what is on hand there,
-- held there and kept back there. The default place has the nil id with every merchant, so that nobody looks it up.

alter table stock_place add column is_default boolean not null default false;

update stock_place set is_default = true where id = '00000000-0000-0000-0000-000000000000';

-- squawk-ignore require-concurrent-index-creation
create unique index stock_place_one_default on stock_place (merchant_id) where is_default;

-- Wider keys: whatever was one row stays one row.
-- squawk-ignore ban-drop-constraint
alter table stock drop constraint stock_pk;

-- squawk-ignore constraint-missing-not-valid, adding-serial-primary-key-field
alter table stock add constraint stock_pk primary key (merchant_id, variant_id, place_id);

-- squawk-ignore ban-drop-constraint
alter table stock_hold drop constraint stock_hold_pk;

-- squawk-ignore constraint-missing-not-valid, adding-serial-primary-key-field
alter table stock_hold add constraint stock_hold_pk primary key (merchant_id, holder_id, variant_id, place_id);

-- squawk-ignore require-concurrent-index-creation
create unique index stock_move_sold_once_there on stock_move (merchant_id, subject_id, variant_id, place_id)
  where kind = 'sale';

-- squawk-ignore require-concurrent-index-deletion
drop index stock_move_sold_once;

alter table stock_count add column place_id uuid not null default '00000000-0000-0000-0000-000000000000';

-- squawk-ignore require-concurrent-index-creation
create unique index stock_count_one_open_there on stock_count (merchant_id, place_id) where state = 'open';

-- squawk-ignore require-concurrent-index-deletion
drop index stock_count_one_open;

-- Moves stock of one merchant: `moves` has variant_id, place_id (the default place where left out),
-- and either quantity (more or less) or target (so many are there). Rows are locked
-- in id order. Answers with the variants that cannot go so low, because orders hold them; the caller then rolls back.
create or replace function app.move_stock(m uuid, moment timestamptz, moves jsonb, reason text, subject uuid,
  staff uuid, words text) returns uuid[] language plpgsql as $$
declare
  x record;
  had record;
  more integer;
  refused uuid[] := '{}';
begin
  insert into stock_place (merchant_id, id, name, is_default, created_at)
    values (m, '00000000-0000-0000-0000-000000000000', '店铺', true, moment) on conflict do nothing;
  insert into stock (merchant_id, variant_id, place_id, on_hand)
    select m, a.variant_id, coalesce(a.place_id, '00000000-0000-0000-0000-000000000000'), 0
    from jsonb_to_recordset(moves) as a(variant_id uuid, place_id uuid) order by 2, 3 on conflict do nothing;
  for x in select a.variant_id, coalesce(a.place_id, '00000000-0000-0000-0000-000000000000') as place_id, a.quantity,
        a.target from jsonb_to_recordset(moves) as a(variant_id uuid, place_id uuid, quantity integer, target integer)
      order by 1, 2 loop
    select s.on_hand, s.reserved, s.moves into had from stock s
      where s.merchant_id = m and s.variant_id = x.variant_id and s.place_id = x.place_id for update;
    more := coalesce(x.quantity, x.target - had.on_hand);
    continue when more = 0;
    if had.on_hand + more < had.reserved then
      refused := refused || x.variant_id;
      continue;
    end if;
    update stock s set on_hand = s.on_hand + more, moves = s.moves + 1
      where s.merchant_id = m and s.variant_id = x.variant_id and s.place_id = x.place_id;
    insert into stock_move (merchant_id, place_id, variant_id, nth, kind, quantity, balance, subject_id, staff_id, note,
        at)
      values (m, x.place_id, x.variant_id, had.moves + 1, case when had.moves = 0 and reason = 'correction' then 'start'
        else reason end, more, had.on_hand + more, subject, staff, words, moment);
  end loop;
  perform app.shelf_changed(m, array(select distinct v.product_id from variant v where v.merchant_id = m
    and v.id in (select a.variant_id from jsonb_to_recordset(moves) as a(variant_id uuid))));
  return refused;
end $$;

-- Gives back what orders hold; what they only hoped for is `hoped` now: released, or missed. Harmless when repeated.
create or replace function app.release_stock(m uuid, moment timestamptz, holders uuid[], hoped text)
returns void language plpgsql as $$
declare
  products uuid[];
begin
  perform 1 from stock s where s.merchant_id = m and (s.variant_id, s.place_id) in (
    select h.variant_id, h.place_id from stock_hold h
    where h.merchant_id = m and h.holder_id = any(holders) and h.state = 'held')
  order by s.variant_id, s.place_id for update;
  with freed as (
    update stock_hold h set state = 'released', at = moment
    where h.merchant_id = m and h.holder_id = any(holders) and h.state = 'held'
    returning h.variant_id, h.place_id, h.quantity),
  changed as (
    update stock s set reserved = s.reserved - e.quantity
    from (select f.variant_id, f.place_id, sum(f.quantity)::integer as quantity from freed f group by 1, 2) e
    where s.merchant_id = m and s.variant_id = e.variant_id and s.place_id = e.place_id returning s.variant_id)
  select array(select distinct v.product_id from variant v join changed c on c.variant_id = v.id
    where v.merchant_id = m) into products;
  update stock_hold h set state = hoped, at = moment
    where h.merchant_id = m and h.holder_id = any(holders) and h.state = 'open';
  if cardinality(products) > 0 then
    perform app.shelf_changed(m, products);
  end if;
end $$;

-- Sells what orders hold, and of what they only hope for (open) all or nothing, in the order of their ids. Harmless
-- when repeated. Answers with the orders for which nothing was left.
create or replace function app.sell_stock(m uuid, moment timestamptz, holders uuid[])
returns uuid[] language plpgsql as $$
declare
  one uuid;
  lost uuid[] := '{}';
begin
  perform 1 from stock s where s.merchant_id = m and (s.variant_id, s.place_id) in (
    select h.variant_id, h.place_id from stock_hold h where h.merchant_id = m and h.holder_id = any(holders))
  order by s.variant_id, s.place_id for update;
  for one in select distinct h.holder_id from stock_hold h
      where h.merchant_id = m and h.holder_id = any(holders) and h.state = 'open' order by 1 loop
    if exists (select 1 from stock_hold h left join stock s on s.merchant_id = m and s.variant_id = h.variant_id
          and s.place_id = h.place_id
        where h.merchant_id = m and h.holder_id = one and h.state = 'open'
          and h.quantity > coalesce(s.on_hand - s.reserved - s.safety, 0)) then
      -- Nobody gets half an order: what it holds of other goods goes back.
      perform app.release_stock(m, moment, array[one], 'missed');
      lost := lost || one;
    else
      update stock s set reserved = s.reserved + h.quantity from stock_hold h
        where h.merchant_id = m and h.holder_id = one and h.state = 'open'
          and s.merchant_id = m and s.variant_id = h.variant_id and s.place_id = h.place_id;
      update stock_hold h set state = 'held', at = moment
        where h.merchant_id = m and h.holder_id = one and h.state = 'open';
      perform app.shelf_changed(m, array(select distinct v.product_id from variant v, stock_hold h
        where v.merchant_id = m and h.merchant_id = m and h.holder_id = one and v.id = h.variant_id));
    end if;
  end loop;
  with used as (
    update stock_hold h set state = 'used', at = moment
    where h.merchant_id = m and h.holder_id = any(holders) and h.state = 'held'
    returning h.holder_id, h.variant_id, h.place_id, h.quantity),
  lined as (
    select u.*, row_number() over w as n, sum(u.quantity) over w as upto from used u
    window w as (partition by u.variant_id, u.place_id order by u.holder_id)),
  changed as (
    update stock s set on_hand = s.on_hand - e.quantity, reserved = s.reserved - e.quantity, moves = s.moves + e.n
    from (select u.variant_id, u.place_id, sum(u.quantity)::integer as quantity, count(*)::integer as n
      from used u group by 1, 2) e
    where s.merchant_id = m and s.variant_id = e.variant_id and s.place_id = e.place_id
    returning s.variant_id, s.place_id, s.on_hand + e.quantity as had, s.moves - e.n as before)
  insert into stock_move (merchant_id, place_id, variant_id, nth, kind, quantity, balance, subject_id, at)
    select m, l.place_id, l.variant_id, c.before + l.n, 'sale', -l.quantity, c.had - l.upto, l.holder_id, moment
    from lined l join changed c on c.variant_id = l.variant_id and c.place_id = l.place_id;
  return lost;
end $$;

-- Writes a batch of one merchant's orders, each table once. The caller holds the stock rows locked and found them
-- sufficient; the tables' CHECKs say so again. holds: order_id, variant_id, place_id (the default place where left out),
-- quantity, state (held, or open where stock goes only when it is paid). Numbers follow the batch's order; answers
-- with the number before the first.
-- (app.write_orders stays for processes that are still of the release before.)
create or replace function app.keep_orders(m uuid, moment timestamptz, orders_asked jsonb, lines_asked jsonb,
  holds_asked jsonb, bought jsonb, products uuid[]) returns bigint language plpgsql as $$
declare
  many integer := jsonb_array_length(orders_asked);
  before bigint;
begin
  insert into counter (merchant_id, name, value) values (m, 'order', many)
    on conflict (merchant_id, name) do update set value = counter.value + excluded.value
    returning 100000 + value - many into before;
  with h as (
    insert into stock_hold (merchant_id, holder_id, variant_id, place_id, quantity, state, at)
    select m, l.order_id, l.variant_id, coalesce(l.place_id, '00000000-0000-0000-0000-000000000000'), l.quantity,
      l.state, moment
    from jsonb_to_recordset(holds_asked) as l(order_id uuid, variant_id uuid, place_id uuid, quantity integer,
      state text)
    returning variant_id, place_id, quantity, state)
  update stock s set reserved = s.reserved + l.quantity from (
    select h.variant_id, h.place_id, sum(h.quantity)::integer as quantity from h where h.state = 'held' group by 1, 2) l
  where s.merchant_id = m and s.variant_id = l.variant_id and s.place_id = l.place_id;
  insert into orders (merchant_id, id, number, fan_id, state, delivery, goods_fen, discount_fen, freight_fen,
      total_fen, coupon_id, explanation, address, remark, asked, placed_at, pay_by, form)
    select m, r.id, before + row_number() over (), r.fan_id, 'unpaid', r.delivery, r.goods_fen, r.discount_fen,
      r.freight_fen, r.total_fen, r.coupon_id, r.explanation, nullif(r.address, 'null'::jsonb), r.remark,
      decode(r.asked, 'hex'), moment, r.pay_by, coalesce(r.form, '{}')
    from jsonb_to_recordset(orders_asked) as r(id uuid, fan_id uuid, delivery text, goods_fen bigint,
      discount_fen bigint, freight_fen bigint, total_fen bigint, coupon_id uuid, explanation jsonb, address jsonb,
      remark text, asked text, pay_by timestamptz, form jsonb);
  insert into order_line (merchant_id, id, order_id, position, product_id, variant_id, title, options, picture_id,
      unit_price_fen, quantity, goods_fen, discount_fen, paid_fen, kind, parent_id, gift, reasons)
    select m, r.id, r.order_id, r.position, r.product_id, r.variant_id, r.title, r.options, r.picture_id,
      r.unit_price_fen, r.quantity, r.goods_fen, r.discount_fen, r.paid_fen, coalesce(r.kind, 'physical'),
      r.parent_id, coalesce(r.gift, false), coalesce(r.reasons, '[]')
    from jsonb_to_recordset(lines_asked) as r(id uuid, order_id uuid, position integer, product_id uuid,
      variant_id uuid, title text, options jsonb, picture_id uuid, unit_price_fen bigint, quantity integer,
      goods_fen bigint, discount_fen bigint, paid_fen bigint, kind text, parent_id uuid, gift boolean,
      reasons jsonb);
  if jsonb_array_length(bought) > 0 then
    insert into purchase (merchant_id, product_id, fan_id, nth, order_id, quantity, upto, most, at)
      select m, b.product_id, b.fan_id, b.nth, b.order_id, b.quantity, b.upto, b.most, moment
      from jsonb_to_recordset(bought) as b(product_id uuid, fan_id uuid, nth integer, order_id uuid,
        quantity integer, upto integer, most integer);
  end if;
  perform app.shelf_changed(m, products);
  return before;
end $$;
