-- What a receiver's part was when it was first planned: what failed and is promised once more after a refund is
-- reckoned from this, not from what an earlier promise had left of it.
alter table sharing_share add column planned_fen bigint not null default 0;

-- A refund that WeChat closed after its shares had come back: they are owed to their receivers, unless it is asked for
-- once more; and what somebody did about them, empty while nobody did.
alter table sharing_unwound add column owed boolean not null default false;

alter table sharing_unwound add column settled_how text not null default '';

alter table sharing_unwound add column settled_note text not null default '';

alter table sharing_unwound add column settled_at timestamptz;

alter table sharing_unwound add constraint sharing_unwound_settled
check (settled_how in ('', 'paid', 'kept') and (settled_how = '') = (settled_at is null)) not valid;

update sharing_unwound u set owed = true from refund f
where f.merchant_id = u.merchant_id and f.id = u.refund_id and f.state = 'closed' and exists (
  select from sharing_return r where r.merchant_id = u.merchant_id and r.refund_id = u.refund_id
    and r.state = 'returned');

-- squawk-ignore require-concurrent-index-creation
create index sharing_unwound_owed on sharing_unwound (merchant_id, refund_id) where owed and settled_at is null;
