-- What was booked of a difference and waits in suspense (positive where WeChat has more), how many postings it made,
-- and whether the bill was mended since.
alter table bill_difference add column suspense_fen bigint not null default 0;

alter table bill_difference add column entries integer not null default 0;

alter table bill_difference add column healed boolean not null default false;

update bill_difference d set entries = 1,
  suspense_fen = case p.debit when 'cash_at_wechat' then p.amount_fen else -p.amount_fen end
from posting p where p.merchant_id = d.merchant_id and p.source_id = d.id and p.kind = 'difference';

-- The same for what was corrected: its first posting is made.
update bill_difference d set entries = 1
from posting p where p.merchant_id = d.merchant_id and p.source_id = d.id and p.kind = 'correction';

-- squawk-ignore require-concurrent-index-creation
create index bill_difference_in_suspense on bill_difference (merchant_id, day) where suspense_fen <> 0;

-- A day of which WeChat has no bill any more, and none was kept here.
-- squawk-ignore ban-drop-constraint
alter table bill_day drop constraint bill_day_state_known;

alter table bill_day add constraint bill_day_state_known
check (state in ('waiting', 'making', 'agreed', 'differences', 'none', 'unavailable')) not valid;
