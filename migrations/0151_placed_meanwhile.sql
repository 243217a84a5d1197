-- Of an order that another process has placed meanwhile, under other words, nothing is given back: whoever asks again
-- under its id and misses something breaks, and is answered by what is there. The rest is as in 0150.

-- Gives back what orders that come to nothing took by app.claim_benefits. Breaks where one of them is there after all:
-- what is held under its id is its own.
create or replace function app.release_benefits(m uuid, orders uuid[]) returns void language plpgsql as $$
begin
  update coupon_piece p set state = 'unused', order_id = null
  where p.merchant_id = m and p.order_id = any(orders) and p.state = 'held';
  perform app.release_promotions(m, orders);
  -- Looked at last: whoever placed it has committed before his coupon could be seen above.
  if exists (select 1 from orders x where x.merchant_id = m and x.id = any(release_benefits.orders)) then
    raise unique_violation using message = 'an order was placed meanwhile under the id of one that came to nothing';
  end if;
end $$;

create or replace function app.claim_benefits(m uuid, moment timestamptz, claims jsonb) returns jsonb
language plpgsql as $$
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
      perform app.release_benefits(m, array(select (e.x ->> 'order_id')::uuid from jsonb_array_elements(more) as e(x)));
    end if;
  end if;
  return missed;
end $$;
