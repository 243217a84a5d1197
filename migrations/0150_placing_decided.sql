-- Placing, decided in one function: coupons and promotions, stock and purchase limits are taken under their locks, and
-- what got all of its own is written down in the same call. (app.keep_orders stays: it writes, and processes that are
-- still of the release before call it.)

-- Leaves out of rows those that belong to some orders; their order is kept.
create function app.without(listed jsonb, key text, orders uuid[]) returns jsonb language sql immutable as $$
  select coalesce(jsonb_agg(e.x order by e.n), '[]')
  from jsonb_array_elements(listed) with ordinality as e(x, n) where (e.x ->> key)::uuid <> all(orders)
$$;

grant execute on function app.without to tongshang_app, tongshang_system;

-- Takes coupons and uses of promotions for orders being placed, in one order of locks; an order that misses one gets
-- none of it. claims: coupons [{nth, order_id, fan_id, piece_id}], promotions as app.claim_promotions takes them; of
-- two orders that want one piece the earlier has it. Answers with who missed what: [{order_id,
-- why: coupon | gone | enough, promotion_id, room}].
create function app.claim_benefits(m uuid, moment timestamptz, claims jsonb) returns jsonb language plpgsql as $$
declare
  pieces uuid[] := array(select (e.x ->> 'piece_id')::uuid from jsonb_array_elements(claims -> 'coupons') as e(x));
  missed jsonb := '[]';
  more jsonb;
  got uuid[];
  left_out uuid[] := '{}';
begin
  if cardinality(pieces) > 1 then
    perform 1 from coupon_piece p where p.merchant_id = m and p.id = any(pieces) order by p.id for update;
  end if;
  if cardinality(pieces) > 0 then
    with held as (
      update coupon_piece p set state = 'held', order_id = c.order_id from (
        select distinct on (a.piece_id) a.piece_id, a.order_id, a.fan_id
        from jsonb_to_recordset(claims -> 'coupons') as a(nth integer, order_id uuid, fan_id uuid, piece_id uuid)
        order by a.piece_id, a.nth) c
      where p.merchant_id = m and p.id = any(pieces) and p.id = c.piece_id and p.fan_id = c.fan_id
        and p.state = 'unused' and p.expires_at > moment
      returning p.order_id)
    select array_agg(h.order_id) into got from held h;
    if coalesce(cardinality(got), 0) < cardinality(pieces) then
      select jsonb_agg(jsonb_build_object('order_id', c.order_id, 'why', 'coupon')), array_agg(c.order_id)
        into missed, left_out
      from jsonb_to_recordset(claims -> 'coupons') as c(order_id uuid) where c.order_id <> all(coalesce(got, '{}'));
    end if;
  end if;
  if jsonb_array_length(claims -> 'promotions') > 0 then
    select jsonb_agg(jsonb_build_object('order_id', c.order_id, 'why', c.why, 'promotion_id', c.promotion_id,
      'room', c.room)) into more
    from app.claim_promotions(m, moment, case when cardinality(left_out) = 0 then claims -> 'promotions'
      else app.without(claims -> 'promotions', 'order_id', left_out) end) c;
    if more is not null then
      missed := missed || more;
      update coupon_piece p set state = 'unused', order_id = null
      where p.merchant_id = m and p.state = 'held' and p.order_id = any(array(
        select (e.x ->> 'order_id')::uuid from jsonb_array_elements(more) as e(x)));
    end if;
  end if;
  return missed;
end $$;

grant execute on function app.claim_benefits to tongshang_app, tongshang_system;

-- Gives back what orders that come to nothing took by app.claim_benefits. Harmless when repeated.
create function app.release_benefits(m uuid, orders uuid[]) returns void language plpgsql as $$
begin
  update coupon_piece p set state = 'unused', order_id = null
  where p.merchant_id = m and p.order_id = any(orders) and p.state = 'held';
  perform app.release_promotions(m, orders);
end $$;

grant execute on function app.release_benefits to tongshang_app, tongshang_system;

-- Places a batch of one merchant's orders: decides order by order, in the batch's order, who gets what, and writes down
-- those that have all of theirs. Locks: coupons, promotions, stock, each in the order of ids; what people bought before
-- is read when the stock is locked, so nobody else decides about the same goods meanwhile.
-- wanted: an order each, [{id, fan_id, variants, quantities, holds}] (holds: false where stock goes only when it is
-- paid) and, where goods of it are limited by person, products, pieces, mosts and days (null: all days count).
-- variants: all of them together. claims: as app.claim_benefits takes them, or null. wishes: the lines of carts that go
-- with their orders, [{order_id, fan_id, variant_id}]. The rest is what app.keep_orders takes.
-- Answers with the number before the first order's and with who got nothing, and why: those of app.claim_benefits,
-- {order_id, why: stock, left: {variant: pieces}}, {order_id, why: limit, product_id, room}.
create function app.place_batch(m uuid, moment timestamptz, wanted jsonb, variants uuid[], claims jsonb,
  orders_asked jsonb, lines_asked jsonb, holds_asked jsonb, wishes jsonb, products uuid[])
returns jsonb language plpgsql as $$
declare
  o record;
  lost jsonb := '[]';
  gone uuid[] := '{}';
  late uuid[] := '{}';
  shelf uuid[];
  free integer[];
  people text[];
  had integer[];
  nths integer[];
  bought jsonb[] := '{}';
  place integer;
  number bigint;
begin
  if claims is not null then
    lost := app.claim_benefits(m, moment, claims);
    gone := array(select (e.x ->> 'order_id')::uuid from jsonb_array_elements(lost) as e(x));
  end if;
  select array_agg(s.variant_id), array_agg(s.left_over) into shelf, free from (
    select k.variant_id, greatest(k.on_hand - k.reserved - k.safety, 0) as left_over from stock k
    where k.merchant_id = m and k.variant_id = any(variants) and k.place_id = '00000000-0000-0000-0000-000000000000'
    order by k.variant_id for update) s;
  if wanted @? '$[*].products' then
    select array_agg(l.who), array_agg(b.pieces), array_agg(b.nth) into people, had, nths from (
      select distinct w.fan_id::text || x.product_id as who, w.fan_id, x.product_id, x.days
      from jsonb_to_recordset(wanted) as w(fan_id uuid, products uuid[], days integer[])
      cross join unnest(w.products, w.days) as x(product_id, days)) l
    cross join lateral (
      select coalesce(max(p.nth), 0) as nth, coalesce(sum(p.quantity)
        filter (where l.days is null or p.at > moment - make_interval(days => l.days)), 0)::integer as pieces
      from purchase p where p.merchant_id = m and p.product_id = l.product_id and p.fan_id = l.fan_id) b;
  end if;
  <<deciding>>
  for o in select w.* from jsonb_to_recordset(wanted) as w(id uuid, fan_id uuid, variants uuid[], quantities integer[],
      holds boolean[], products uuid[], pieces integer[], mosts integer[]) loop
    continue when o.id = any(gone);
    for i in 1 .. cardinality(o.variants) loop
      if coalesce(free[array_position(shelf, o.variants[i])], 0) < o.quantities[i] then
        lost := lost || jsonb_build_object('order_id', o.id, 'why', 'stock', 'left', (
          select jsonb_object_agg(v, coalesce(free[array_position(shelf, v)], 0)) from unnest(o.variants) v));
        late := late || o.id;
        continue deciding;
      end if;
    end loop;
    for i in 1 .. coalesce(cardinality(o.products), 0) loop
      place := array_position(people, o.fan_id::text || o.products[i]);
      if had[place] + o.pieces[i] > o.mosts[i] then
        lost := lost || jsonb_build_object('order_id', o.id, 'why', 'limit', 'product_id', o.products[i],
          'room', greatest(o.mosts[i] - had[place], 0));
        late := late || o.id;
        continue deciding;
      end if;
    end loop;
    -- It has all of its own: whoever comes after it finds that much less.
    for i in 1 .. cardinality(o.variants) loop
      if o.holds[i] then
        place := array_position(shelf, o.variants[i]);
        free[place] := free[place] - o.quantities[i];
      end if;
    end loop;
    for i in 1 .. coalesce(cardinality(o.products), 0) loop
      place := array_position(people, o.fan_id::text || o.products[i]);
      had[place] := had[place] + o.pieces[i];
      nths[place] := nths[place] + 1;
      bought := bought || jsonb_build_object('product_id', o.products[i], 'fan_id', o.fan_id, 'nth', nths[place],
        'order_id', o.id, 'quantity', o.pieces[i], 'upto', had[place], 'most', o.mosts[i]);
    end loop;
  end loop;
  if claims is not null and cardinality(late) > 0 then
    -- Who missed his claims has taken nothing; what is held under his id is that of the same order, placed elsewhere.
    perform app.release_benefits(m, late);
  end if;
  gone := gone || late;
  if cardinality(gone) > 0 then
    orders_asked := app.without(orders_asked, 'id', gone);
    lines_asked := app.without(lines_asked, 'order_id', gone);
    holds_asked := app.without(holds_asked, 'order_id', gone);
    wishes := app.without(wishes, 'order_id', gone);
  end if;
  if jsonb_array_length(orders_asked) > 0 then
    number := app.keep_orders(m, moment, orders_asked, lines_asked, holds_asked, to_jsonb(bought), products);
  end if;
  if jsonb_array_length(wishes) > 0 then
    delete from cart_line c using jsonb_to_recordset(wishes) as w(fan_id uuid, variant_id uuid)
    where c.merchant_id = m and c.fan_id = w.fan_id and c.variant_id = w.variant_id
      and c.fan_id = any(array(select (e.x ->> 'fan_id')::uuid from jsonb_array_elements(wishes) as e(x)))
      and c.variant_id = any(array(select (e.x ->> 'variant_id')::uuid from jsonb_array_elements(wishes) as e(x)));
  end if;
  return jsonb_build_object('before', number, 'lost', lost);
end $$;

grant execute on function app.place_batch to tongshang_app, tongshang_system;
