-- Reminders: tickets before they end and balances before they are missed, once each and not at night; what waits for
-- the merchant, counted cheaply.

-- When a merchant has people reminded; without a row as everybody has. Quiet hours are minutes of Shanghai's day, and
-- may go over midnight; both alike: there are none. Zero days or hours: nobody is reminded.
create table reminder_rules (
  merchant_id uuid not null,
  ticket_days integer not null,
  balance_hours integer not null,
  quiet_from integer not null,
  quiet_until integer not null,
  updated_at timestamptz not null,
  constraint reminder_rules_pk primary key (merchant_id),
  constraint reminder_rules_days check (ticket_days between 0 and 90),
  constraint reminder_rules_hours check (balance_hours between 0 and 168),
  constraint reminder_rules_quiet_in_day check (quiet_from between 0 and 1439 and quiet_until between 0 and 1439)
);

select app.tenant('reminder_rules');

alter table ticket add column reminded_at timestamptz;

alter table order_balance add column reminded_at timestamptz;

-- squawk-ignore require-concurrent-index-creation
create index order_balance_until on order_balance (merchant_id, pay_by) where state = 'owed';

-- squawk-ignore require-concurrent-index-creation
create index bill_difference_open on bill_difference (merchant_id, day) where state = 'open';

-- squawk-ignore require-concurrent-index-creation
create index order_refund_stuck on order_refund (merchant_id, id) where state in ('stalled', 'closed');

-- squawk-ignore ban-drop-constraint
alter table notice_plan drop constraint notice_plan_occasion_known;

alter table notice_plan add constraint notice_plan_occasion_known
  check (occasion in ('paid', 'shipped', 'refunded', 'expiring', 'balance', 'balance_ending')) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table notice_plan validate constraint notice_plan_occasion_known;
