-- Stock as a ledger: every change of what is on hand is a row that says why, by whom and what was there afterwards.
-- By place: all goods lie in one place for now (the nil id); a second one will take its share of the primary keys.

create table stock_place (
  merchant_id uuid not null,
  id uuid not null,
  name text not null,
  created_at timestamptz not null,
  constraint stock_place_pk primary key (merchant_id, id),
  constraint stock_place_name_once unique (merchant_id, name),
  constraint stock_place_name_given check (length(name) between 1 and 20)
);

select app.tenant('stock_place');

alter table stock add column place_id uuid not null default '00000000-0000-0000-0000-000000000000';

-- Kept back from the online shop: what can be bought is on_hand - reserved - safety.
alter table stock add column safety integer not null default 0 constraint stock_safety_natural check (safety >= 0);

-- From how few on the merchant wants to be warned; null: never.
alter table stock add column warn_at integer constraint stock_warn_natural check (warn_at >= 0);

-- How many movements there were: numbers them, and its row is the lock under which they are numbered.
alter table stock add column moves integer not null default 0 constraint stock_moves_natural check (moves >= 0);

alter table stock_hold add column place_id uuid not null default '00000000-0000-0000-0000-000000000000';

-- open: promised, not held, because the product's stock goes only when it is paid; missed: then none was left.
-- squawk-ignore ban-drop-constraint
alter table stock_hold drop constraint stock_hold_state_known;

alter table stock_hold add constraint stock_hold_state_known
  check (state in ('held', 'open', 'used', 'released', 'missed')) not valid;

-- Each hold is checked against a stock row that the placing transaction has locked, which itself refers to the variant.
-- squawk-ignore ban-drop-constraint
alter table stock_hold drop constraint stock_hold_variant_fk;

-- subject_id: the order, the refund or the count it came from. nth and balance follow each other without a gap.
create table stock_move (
  merchant_id uuid not null,
  place_id uuid not null default '00000000-0000-0000-0000-000000000000',
  variant_id uuid not null,
  nth integer not null,
  kind text not null,
  quantity integer not null,
  balance integer not null,
  subject_id uuid,
  staff_id uuid,
  note text not null default '',
  at timestamptz not null,
  constraint stock_move_pk primary key (merchant_id, variant_id, place_id, nth),
  constraint stock_move_variant_fk foreign key (merchant_id, variant_id) references variant (merchant_id, id),
  constraint stock_move_some check (quantity <> 0),
  constraint stock_move_never_negative check (balance >= 0),
  constraint stock_move_kind_known check (kind in ('start', 'sale', 'return', 'correction', 'count', 'import')),
  constraint stock_move_sale_takes check (kind <> 'sale' or (quantity < 0 and subject_id is not null)),
  constraint stock_move_note_short check (length(note) <= 200)
);

select app.tenant('stock_move');

revoke update, delete on stock_move from tongshang_app, tongshang_system;

create unique index stock_move_sold_once on stock_move (merchant_id, subject_id, variant_id) where kind = 'sale';

create index stock_move_latest on stock_move (merchant_id, at desc, variant_id, nth);

insert into stock_move (merchant_id, variant_id, nth, kind, quantity, balance, at)
select merchant_id, variant_id, 1, 'start', on_hand, on_hand, now() from stock where on_hand > 0;

update stock set moves = 1 where on_hand > 0;

-- Moves stock of one merchant: `moves` has variant_id, and either quantity (more or less) or target (so many are
-- there). Rows are locked in id order. Answers with the variants that cannot go so low, because orders hold them; the
-- caller then rolls back.
create function app.move_stock(m uuid, moment timestamptz, moves jsonb, reason text, subject uuid, staff uuid,
  words text) returns uuid[] language plpgsql as $$
declare
  x record;
  had record;
  more integer;
  refused uuid[] := '{}';
begin
  insert into stock_place (merchant_id, id, name, created_at)
    values (m, '00000000-0000-0000-0000-000000000000', '店铺', moment) on conflict do nothing;
  insert into stock (merchant_id, variant_id, on_hand)
    select m, a.variant_id, 0 from jsonb_to_recordset(moves) as a(variant_id uuid) order by 2 on conflict do nothing;
  for x in select * from jsonb_to_recordset(moves) as a(variant_id uuid, quantity integer, target integer)
      order by a.variant_id loop
    select s.on_hand, s.reserved, s.moves into had from stock s
      where s.merchant_id = m and s.variant_id = x.variant_id for update;
    more := coalesce(x.quantity, x.target - had.on_hand);
    continue when more = 0;
    if had.on_hand + more < had.reserved then
      refused := refused || x.variant_id;
      continue;
    end if;
    update stock s set on_hand = s.on_hand + more, moves = s.moves + 1
      where s.merchant_id = m and s.variant_id = x.variant_id;
    insert into stock_move (merchant_id, variant_id, nth, kind, quantity, balance, subject_id, staff_id, note, at)
      values (m, x.variant_id, had.moves + 1, case when had.moves = 0 and reason = 'correction' then 'start'
        else reason end, more, had.on_hand + more, subject, staff, words, moment);
  end loop;
  perform app.shelf_changed(m, array(select distinct v.product_id from variant v where v.merchant_id = m
    and v.id in (select a.variant_id from jsonb_to_recordset(moves) as a(variant_id uuid))));
  return refused;
end $$;

grant execute on function app.move_stock to tongshang_app, tongshang_system;

-- Gives back what orders hold; what they only hoped for is `hoped` now: released, or missed. Harmless when repeated.
create function app.release_stock(m uuid, moment timestamptz, holders uuid[], hoped text)
returns void language plpgsql as $$
declare
  products uuid[];
begin
  perform 1 from stock s where s.merchant_id = m and s.variant_id in (
    select h.variant_id from stock_hold h where h.merchant_id = m and h.holder_id = any(holders) and h.state = 'held')
  order by s.variant_id for update;
  with freed as (
    update stock_hold h set state = 'released', at = moment
    where h.merchant_id = m and h.holder_id = any(holders) and h.state = 'held'
    returning h.variant_id, h.quantity),
  changed as (
    update stock s set reserved = s.reserved - e.quantity
    from (select f.variant_id, sum(f.quantity)::integer as quantity from freed f group by 1) e
    where s.merchant_id = m and s.variant_id = e.variant_id returning s.variant_id)
  select array(select distinct v.product_id from variant v join changed c on c.variant_id = v.id
    where v.merchant_id = m) into products;
  update stock_hold h set state = hoped, at = moment
    where h.merchant_id = m and h.holder_id = any(holders) and h.state = 'open';
  if cardinality(products) > 0 then
    perform app.shelf_changed(m, products);
  end if;
end $$;

grant execute on function app.release_stock to tongshang_app, tongshang_system;

-- Sells what orders hold, and of what they only hope for (open) all or nothing, in the order of their ids. Harmless
-- when repeated. Answers with the orders for which nothing was left.
create function app.sell_stock(m uuid, moment timestamptz, holders uuid[])
returns uuid[] language plpgsql as $$
declare
  one uuid;
  lost uuid[] := '{}';
begin
  perform 1 from stock s where s.merchant_id = m and s.variant_id in (
    select h.variant_id from stock_hold h where h.merchant_id = m and h.holder_id = any(holders))
  order by s.variant_id for update;
  for one in select distinct h.holder_id from stock_hold h
      where h.merchant_id = m and h.holder_id = any(holders) and h.state = 'open' order by 1 loop
    if exists (select 1 from stock_hold h left join stock s on s.merchant_id = m and s.variant_id = h.variant_id
        where h.merchant_id = m and h.holder_id = one and h.state = 'open'
          and h.quantity > coalesce(s.on_hand - s.reserved - s.safety, 0)) then
      -- Nobody gets half an order: what it holds of other goods goes back.
      perform app.release_stock(m, moment, array[one], 'missed');
      lost := lost || one;
    else
      update stock s set reserved = s.reserved + h.quantity from stock_hold h
        where h.merchant_id = m and h.holder_id = one and h.state = 'open'
          and s.merchant_id = m and s.variant_id = h.variant_id;
      update stock_hold h set state = 'held', at = moment
        where h.merchant_id = m and h.holder_id = one and h.state = 'open';
      perform app.shelf_changed(m, array(select distinct v.product_id from variant v, stock_hold h
        where v.merchant_id = m and h.merchant_id = m and h.holder_id = one and v.id = h.variant_id));
    end if;
  end loop;
  with used as (
    update stock_hold h set state = 'used', at = moment
    where h.merchant_id = m and h.holder_id = any(holders) and h.state = 'held'
    returning h.holder_id, h.variant_id, h.quantity),
  lined as (
    select u.*, row_number() over w as n, sum(u.quantity) over w as upto from used u
    window w as (partition by u.variant_id order by u.holder_id)),
  changed as (
    update stock s set on_hand = s.on_hand - e.quantity, reserved = s.reserved - e.quantity, moves = s.moves + e.n
    from (select u.variant_id, sum(u.quantity)::integer as quantity, count(*)::integer as n from used u group by 1) e
    where s.merchant_id = m and s.variant_id = e.variant_id
    returning s.variant_id, s.on_hand + e.quantity as had, s.moves - e.n as before)
  insert into stock_move (merchant_id, variant_id, nth, kind, quantity, balance, subject_id, at)
    select m, l.variant_id, c.before + l.n, 'sale', -l.quantity, c.had - l.upto, l.holder_id, moment
    from lined l join changed c on c.variant_id = l.variant_id;
  return lost;
end $$;

grant execute on function app.sell_stock to tongshang_app, tongshang_system;

-- A count of what is there. While it is open, people go on buying: each line remembers what the books said when it was
-- counted, and posting it moves the difference, not the number.
create table stock_count (
  merchant_id uuid not null,
  id uuid not null,
  state text not null,
  note text not null,
  started_by uuid not null,
  started_at timestamptz not null,
  ended_by uuid,
  ended_at timestamptz,
  constraint stock_count_pk primary key (merchant_id, id),
  constraint stock_count_state_known check (state in ('open', 'posted', 'dropped')),
  constraint stock_count_ends check ((state = 'open') = (ended_at is null)),
  constraint stock_count_note_short check (length(note) <= 100)
);

select app.tenant('stock_count');

create unique index stock_count_one_open on stock_count (merchant_id) where state = 'open';

create table stock_count_line (
  merchant_id uuid not null,
  count_id uuid not null,
  variant_id uuid not null,
  expected integer not null,
  counted integer not null,
  counted_by uuid not null,
  counted_at timestamptz not null,
  constraint stock_count_line_pk primary key (merchant_id, count_id, variant_id),
  constraint stock_count_line_count_fk foreign key (merchant_id, count_id) references stock_count (merchant_id, id),
  constraint stock_count_line_variant_fk foreign key (merchant_id, variant_id) references variant (merchant_id, id),
  constraint stock_count_line_natural check (expected >= 0 and counted between 0 and 1000000)
);

select app.tenant('stock_count_line');
