-- One journal per merchant of everything between us and WeChat, and how much of its quotas an account has used.

-- Partitions live here: nobody but their parent looks at them.
create schema part;

-- What came (direction 'in') and what we asked ('out'). The key of what came is the same for every delivery of it,
-- and is written in the commit of its effects: that makes effects happen once. Bodies are masked; what came is kept
-- sealed as well, so that it can be read again.
create table wechat_journal (
  merchant_id uuid not null,
  at timestamptz not null,
  id uuid not null,
  direction text not null,
  appid text not null,
  openid text not null default '',
  name text not null,
  state text not null,
  errcode integer not null default 0,
  rid text not null default '',
  latency_ms integer,
  times integer not null default 1,
  request text not null default '',
  answer text not null default '',
  raw_sealed bytea,
  constraint wechat_journal_pk primary key (merchant_id, at, id),
  constraint wechat_journal_direction_known check (direction in ('in', 'out')),
  constraint wechat_journal_state_known check (case direction
    when 'in' then state in ('received', 'failed', 'orphan', 'forged', 'stale', 'unreadable')
    else state in ('done', 'refused', 'unreachable') end),
  constraint wechat_journal_bodies_short check (length(request) <= 4000 and length(answer) <= 4000),
  constraint wechat_journal_latency_natural check (latency_ms >= 0),
  constraint wechat_journal_times_natural check (times > 0)
) partition by range (at);

select app.tenant('wechat_journal');

create index wechat_journal_person on wechat_journal (merchant_id, openid, at) where openid <> '';

create index wechat_journal_name on wechat_journal (merchant_id, name, at);

create index wechat_journal_errcode on wechat_journal (merchant_id, errcode, at) where errcode <> 0;

create index wechat_journal_rid on wechat_journal (merchant_id, rid) where rid <> '';

create index wechat_journal_trouble on wechat_journal (merchant_id, state, at) where state not in ('received', 'done');

-- Days that no partition was made for in time; nothing is ever refused for want of one.
create table part.wechat_journal_rest partition of wechat_journal default;

-- Makes the days ahead and drops those past keeping. The system's own role may not change tables, so it asks here.
create function app.journal_days(today date, ahead integer, keep integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp set timezone = 'UTC'
set lock_timeout = '2s' as $$
declare
  d date;
  old text;
  n integer := 0;
begin
  for i in 0..ahead loop
    d := today + i;
    -- A day that has begun in the rest stays there.
    continue when to_regclass('part.wechat_journal_' || to_char(d, 'YYYYMMDD')) is not null
      or exists (select 1 from part.wechat_journal_rest where at >= d and at < d + 1);
    execute format('create table part.%I partition of public.wechat_journal for values from (%L) to (%L)',
      'wechat_journal_' || to_char(d, 'YYYYMMDD'), d, d + 1);
    n := n + 1;
  end loop;
  for old in
    select c.relname from pg_class c join pg_inherits i on i.inhrelid = c.oid
    where i.inhparent = 'public.wechat_journal'::regclass and c.relname ~ '^wechat_journal_\d{8}$'
      and to_date(right(c.relname, 8), 'YYYYMMDD') < today - keep
  loop
    execute format('drop table part.%I', old);
    n := n + 1;
  end loop;
  delete from part.wechat_journal_rest where at < today - keep;
  return n;
end $$;

revoke all on function app.journal_days from public;

grant execute on function app.journal_days to tongshang_system;

insert into wechat_journal (merchant_id, at, id, direction, appid, openid, name, state, times)
  select merchant_id, at, id, 'in', appid, openid, kind, state, times from callback;

-- Its rows are in the journal now.
-- squawk-ignore ban-drop-table
drop table callback;

-- How often an account called an API on a Shanghai day and in the current minute, and until when WeChat wants rest.
create table wechat_usage (
  merchant_id uuid not null,
  appid text not null,
  api text not null,
  day date not null,
  used integer not null default 0,
  minute timestamptz not null,
  minute_used integer not null default 0,
  resting_until timestamptz,
  -- What WeChat itself says is allowed, once somebody asked.
  known_limit integer,
  refused integer not null default 0,
  constraint wechat_usage_pk primary key (merchant_id, appid, api, day),
  constraint wechat_usage_natural check (used >= 0 and minute_used >= 0 and refused >= 0)
);

select app.tenant('wechat_usage');
