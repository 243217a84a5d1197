-- Promotions: what a merchant declares, what of it may be used how often, and which order used what.

create table promotion (
  merchant_id uuid not null,
  id uuid not null,
  kind text not null,
  name text not null,
  state text not null,
  terms jsonb not null,
  starts_at timestamptz,
  ends_at timestamptz,
  position integer not null default 0,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint promotion_pk primary key (merchant_id, id),
  constraint promotion_kind_known check (
    kind in ('flash', 'free_freight', 'n_for', 'nth', 'percent', 'full', 'gift', 'addon')),
  constraint promotion_state_known check (state in ('draft', 'on', 'paused', 'ended')),
  constraint promotion_name_given check (length(name) between 1 and 30),
  constraint promotion_terms_object check (jsonb_typeof(terms) = 'object'),
  constraint promotion_window check (ends_at > starts_at)
);

select app.tenant('promotion');

create index promotion_by_state on promotion (merchant_id, state, id desc);

-- How often something may be had: the promotion as a whole (variant_id nil, counted in orders), or a variant of a flash
-- sale (counted in pieces). No row: as often as anybody likes.
create table promotion_count (
  merchant_id uuid not null,
  promotion_id uuid not null,
  variant_id uuid not null,
  total integer,
  per_person integer,
  used integer not null default 0,
  constraint promotion_count_pk primary key (merchant_id, promotion_id, variant_id),
  constraint promotion_count_promotion_fk foreign key (merchant_id, promotion_id)
    references promotion (merchant_id, id),
  constraint promotion_count_total_some check (total >= 1),
  constraint promotion_count_per_person_some check (per_person >= 1),
  constraint promotion_count_never_over check (used between 0 and coalesce(total, 2147483647))
) with (fillfactor = 70);

select app.tenant('promotion_count');

create table promotion_person (
  merchant_id uuid not null,
  promotion_id uuid not null,
  variant_id uuid not null,
  fan_id uuid not null,
  used integer not null,
  constraint promotion_person_pk primary key (merchant_id, promotion_id, variant_id, fan_id),
  constraint promotion_person_natural check (used >= 0)
) with (fillfactor = 70);

select app.tenant('promotion_person');

-- What an order took. Gone again when the order came to nothing.
create table promotion_use (
  merchant_id uuid not null,
  order_id uuid not null,
  promotion_id uuid not null,
  variant_id uuid not null,
  fan_id uuid not null,
  pieces integer not null,
  fen bigint not null,
  at timestamptz not null,
  constraint promotion_use_pk primary key (merchant_id, order_id, promotion_id, variant_id),
  constraint promotion_use_some check (pieces >= 1),
  constraint promotion_use_fen_natural check (fen >= 0)
);

select app.tenant('promotion_use');

create index promotion_use_of on promotion_use (merchant_id, promotion_id, variant_id);

-- Takes what orders being placed use of promotions, order by order as they come; one that cannot have all of it takes
-- nothing and is answered with what was missing: (order, promotion, variant, 'gone' or 'enough', how much is left).
-- Counters are locked first and in one order, then what each person has had.
create function app.claim_promotions(m uuid, moment timestamptz, asked jsonb)
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

grant execute on function app.claim_promotions to tongshang_app, tongshang_system;

-- Undoes what orders took, once. Locks in the order of app.claim_promotions.
create function app.release_promotions(m uuid, orders uuid[]) returns void language plpgsql as $$
begin
  perform 1 from promotion_count c where c.merchant_id = m and (c.promotion_id, c.variant_id) in (
    select u.promotion_id, u.variant_id from promotion_use u where u.merchant_id = m and u.order_id = any(orders))
  order by c.promotion_id, c.variant_id for update;
  with gone as (
    delete from promotion_use u where u.merchant_id = m and u.order_id = any(orders)
    returning u.promotion_id, u.variant_id, u.fan_id, u.pieces),
  counted as (
    update promotion_count c set used = c.used - g.pieces from (
      select promotion_id, variant_id, sum(pieces)::integer as pieces from gone group by 1, 2) g
    where c.merchant_id = m and c.promotion_id = g.promotion_id and c.variant_id = g.variant_id)
  update promotion_person p set used = p.used - g.pieces from (
    select promotion_id, variant_id, fan_id, sum(pieces)::integer as pieces from gone group by 1, 2, 3) g
  where p.merchant_id = m and p.promotion_id = g.promotion_id and p.variant_id = g.variant_id and p.fan_id = g.fan_id;
end $$;

grant execute on function app.release_promotions to tongshang_app, tongshang_system;
