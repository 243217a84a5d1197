-- Goods that wait to be picked up wait so many days as the shop says; then somebody decides about them.

-- Shops there are keep what they had: their pickups wait for ever until they say otherwise.
alter table pickup_place add column days integer not null default 0;

alter table pickup_place add constraint pickup_place_days check (days between 0 and 90) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table pickup_place validate constraint pickup_place_days;

alter table pickup add column state text not null default 'waiting';

-- Written when the code is made, and changed by an extension only. Null: for ever.
alter table pickup add column due_at timestamptz;

alter table pickup add column reminded_at timestamptz;

update pickup set state = 'verified' where verified_at is not null;

-- What was given up of an order: all of it, or in an order of several parts the part that is picked up.
update pickup p set state = 'refunded' from orders o
where o.merchant_id = p.merchant_id and o.id = p.order_id and p.verified_at is null and (o.state = 'closed' or exists (
  select from order_part t where t.merchant_id = p.merchant_id and t.order_id = p.order_id
    and t.fulfilment = 'pickup' and t.state = 'dropped'));

alter table pickup add constraint pickup_state_known
  check (state in ('waiting', 'verified', 'expired', 'refunded')) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table pickup validate constraint pickup_state_known;

alter table pickup add constraint pickup_verified_once
  check ((state = 'verified') = (verified_at is not null)) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table pickup validate constraint pickup_verified_once;

alter table pickup add constraint pickup_expired_when_due
  check (state <> 'expired' or due_at is not null) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table pickup validate constraint pickup_expired_when_due;

alter table pickup add constraint pickup_due_later check (due_at > created_at) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table pickup validate constraint pickup_due_later;

-- squawk-ignore require-concurrent-index-creation
create index pickup_due on pickup (merchant_id, due_at) where state in ('waiting', 'expired') and due_at is not null;

-- squawk-ignore require-concurrent-index-creation
create index pickup_listed on pickup (merchant_id, created_at desc, order_id desc);
