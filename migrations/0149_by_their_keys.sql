-- Whatever is done to a few rows finds them by their keys: a join with what was asked may be planned while a shop is
-- small, and then reads all that the merchant has. The same functions as before, written so that it cannot; and of a
-- batch's promotions all is taken at once where all of it is there.

-- Takes what orders being placed use of promotions, order by order as they come; one that cannot have all of it takes
-- nothing and is answered with what was missing: (order, promotion, variant, 'gone' or 'enough', how much is left).
-- Counters are locked first and in one order, then what each person has had.
create or replace function app.claim_promotions(m uuid, moment timestamptz, asked jsonb)
returns table (order_id uuid, promotion_id uuid, variant_id uuid, why text, room integer) language plpgsql as $$
#variable_conflict use_column
declare
  o record;
  u record;
begin
  perform 1 from promotion_count c where c.merchant_id = m and (c.promotion_id, c.variant_id) in (
    select a.promotion_id, a.variant_id from jsonb_to_recordset(asked) as a(promotion_id uuid, variant_id uuid))
  order by c.promotion_id, c.variant_id for update;
  if not found then
    insert into promotion_use (merchant_id, order_id, promotion_id, variant_id, fan_id, pieces, fen, at)
      select m, a.order_id, a.promotion_id, a.variant_id, a.fan_id, a.pieces, a.fen, moment
      from jsonb_to_recordset(asked) as a(order_id uuid, promotion_id uuid, variant_id uuid, fan_id uuid,
        pieces integer, fen bigint);
    return;
  end if;
  insert into promotion_person (merchant_id, promotion_id, variant_id, fan_id, used)
    select distinct m, a.promotion_id, a.variant_id, a.fan_id, 0
    from jsonb_to_recordset(asked) as a(promotion_id uuid, variant_id uuid, fan_id uuid)
    join promotion_count c on c.merchant_id = m and c.promotion_id = a.promotion_id and c.variant_id = a.variant_id
    where c.per_person is not null order by 2, 3, 4
    on conflict do nothing;
  -- Where all of it is there, all of it is taken at once; else each order is looked at, in the batch's order.
  if not exists (
      select 1 from promotion_count c join (
        select a.promotion_id, a.variant_id, sum(a.pieces) as pieces
        from jsonb_to_recordset(asked) as a(promotion_id uuid, variant_id uuid, pieces integer) group by 1, 2) w
        on w.promotion_id = c.promotion_id and w.variant_id = c.variant_id
      where c.merchant_id = m and c.total - c.used < w.pieces)
    and not exists (
      select 1 from promotion_count c join (
        select a.promotion_id, a.variant_id, a.fan_id, sum(a.pieces) as pieces
        from jsonb_to_recordset(asked) as a(promotion_id uuid, variant_id uuid, fan_id uuid, pieces integer)
        group by 1, 2, 3) w on w.promotion_id = c.promotion_id and w.variant_id = c.variant_id
      cross join lateral (
        select p.used from promotion_person p where p.merchant_id = m and p.promotion_id = w.promotion_id
          and p.variant_id = w.variant_id and p.fan_id = w.fan_id offset 0) p
      where c.merchant_id = m and c.per_person - p.used < w.pieces) then
    insert into promotion_use (merchant_id, order_id, promotion_id, variant_id, fan_id, pieces, fen, at)
      select m, a.order_id, a.promotion_id, a.variant_id, a.fan_id, a.pieces, a.fen, moment
      from jsonb_to_recordset(asked) as a(order_id uuid, promotion_id uuid, variant_id uuid, fan_id uuid,
        pieces integer, fen bigint);
    update promotion_count c set used = c.used + w.pieces from (
      select a.promotion_id, a.variant_id, sum(a.pieces)::integer as pieces
      from jsonb_to_recordset(asked) as a(promotion_id uuid, variant_id uuid, pieces integer) group by 1, 2) w
    where c.merchant_id = m and c.promotion_id = w.promotion_id and c.variant_id = w.variant_id;
    update promotion_person p set used = p.used + w.pieces from (
      select a.promotion_id, a.variant_id, a.fan_id, sum(a.pieces)::integer as pieces
      from jsonb_to_recordset(asked) as a(promotion_id uuid, variant_id uuid, fan_id uuid, pieces integer)
      group by 1, 2, 3) w
    where p.merchant_id = m and p.fan_id = any(array(
        select (e.x ->> 'fan_id')::uuid from jsonb_array_elements(asked) as e(x)))
      and p.promotion_id = any(array(select (e.x ->> 'promotion_id')::uuid from jsonb_array_elements(asked) as e(x)))
      and p.promotion_id = w.promotion_id and p.variant_id = w.variant_id and p.fan_id = w.fan_id;
    return;
  end if;
  for o in select a.order_id, min(a.nth) as nth
           from jsonb_to_recordset(asked) as a(order_id uuid, nth integer) group by 1 order by 2 loop
    select a.promotion_id, a.variant_id, c.total - c.used as left_over, c.per_person - p.used as left_for_me,
      c.total - c.used < a.pieces as gone into u
    from jsonb_to_recordset(asked) as a(order_id uuid, promotion_id uuid, variant_id uuid, fan_id uuid,
      pieces integer)
    join promotion_count c on c.merchant_id = m and c.promotion_id = a.promotion_id and c.variant_id = a.variant_id
    left join promotion_person p on p.merchant_id = m and p.promotion_id = a.promotion_id
      and p.variant_id = a.variant_id and p.fan_id = a.fan_id
    where a.order_id = o.order_id and (c.total - c.used < a.pieces or c.per_person - p.used < a.pieces)
    order by 1, 2 limit 1;
    if found then
      order_id := o.order_id;
      promotion_id := u.promotion_id;
      variant_id := u.variant_id;
      why := case when u.gone then 'gone' else 'enough' end;
      room := greatest(0, case when u.gone then u.left_over else u.left_for_me end);
      return next;
      continue;
    end if;
    insert into promotion_use (merchant_id, order_id, promotion_id, variant_id, fan_id, pieces, fen, at)
      select m, a.order_id, a.promotion_id, a.variant_id, a.fan_id, a.pieces, a.fen, moment
      from jsonb_to_recordset(asked) as a(order_id uuid, promotion_id uuid, variant_id uuid, fan_id uuid,
        pieces integer, fen bigint)
      where a.order_id = o.order_id;
    update promotion_count c set used = c.used + a.pieces from promotion_use a
      where c.merchant_id = m and a.merchant_id = m and a.order_id = o.order_id
        and c.promotion_id = a.promotion_id and c.variant_id = a.variant_id;
    update promotion_person p set used = p.used + a.pieces from promotion_use a
      where p.merchant_id = m and a.merchant_id = m and a.order_id = o.order_id
        and p.promotion_id = a.promotion_id and p.variant_id = a.variant_id and p.fan_id = a.fan_id;
  end loop;
end $$;

-- Gives back what orders hold; what they only hoped for is `hoped` now: released, or missed. Harmless when repeated.
create or replace function app.release_stock(m uuid, moment timestamptz, holders uuid[], hoped text)
returns void language plpgsql as $$
declare
  variants uuid[] := array(select distinct h.variant_id from stock_hold h
    where h.merchant_id = m and h.holder_id = any(holders) and h.state = 'held');
  products uuid[];
begin
  perform 1 from stock s where s.merchant_id = m and s.variant_id = any(variants)
  order by s.variant_id, s.place_id for update;
  with freed as (
    update stock_hold h set state = 'released', at = moment
    where h.merchant_id = m and h.holder_id = any(holders) and h.state = 'held'
    returning h.variant_id, h.place_id, h.quantity),
  changed as (
    update stock s set reserved = s.reserved - e.quantity
    from (select f.variant_id, f.place_id, sum(f.quantity)::integer as quantity from freed f group by 1, 2) e
    where s.merchant_id = m and s.variant_id = any(variants) and s.variant_id = e.variant_id
      and s.place_id = e.place_id returning s.variant_id)
  select array(select distinct v.product_id from variant v
    where v.merchant_id = m and v.id = any(array(select c.variant_id from changed c))) into products;
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
  variants uuid[] := array(select distinct h.variant_id from stock_hold h
    where h.merchant_id = m and h.holder_id = any(holders));
  one uuid;
  lost uuid[] := '{}';
begin
  perform 1 from stock s where s.merchant_id = m and s.variant_id = any(variants)
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
          and s.merchant_id = m and s.variant_id = any(variants)
          and s.variant_id = h.variant_id and s.place_id = h.place_id;
      update stock_hold h set state = 'held', at = moment
        where h.merchant_id = m and h.holder_id = one and h.state = 'open';
      perform app.shelf_changed(m, array(select distinct v.product_id from variant v
        where v.merchant_id = m and v.id = any(array(
          select h.variant_id from stock_hold h where h.merchant_id = m and h.holder_id = one))));
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
    where s.merchant_id = m and s.variant_id = any(variants) and s.variant_id = e.variant_id
      and s.place_id = e.place_id
    returning s.variant_id, s.place_id, s.on_hand + e.quantity as had, s.moves - e.n as before)
  insert into stock_move (merchant_id, place_id, variant_id, nth, kind, quantity, balance, subject_id, at)
    select m, l.place_id, l.variant_id, c.before + l.n, 'sale', -l.quantity, c.had - l.upto, l.holder_id, moment
    from lined l join changed c on c.variant_id = l.variant_id and c.place_id = l.place_id;
  return lost;
end $$;

-- Writes a batch of one merchant's orders, each table once. The caller holds the stock rows locked and found them
-- sufficient; the tables' CHECKs say so again. holds: order_id, variant_id, place_id (the default place where left
-- out), quantity, state (held, or open where stock goes only when it is paid). Numbers follow the batch's order; answers
-- with the number before the first.
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
  where s.merchant_id = m and s.variant_id = any(array(select h.variant_id from h))
    and s.variant_id = l.variant_id and s.place_id = l.place_id;
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
