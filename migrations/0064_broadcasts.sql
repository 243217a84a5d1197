-- Messages to many: what is said to whom, in parts that WeChat takes on under numbers of ours, and who was meant.

create table broadcast (
  merchant_id uuid not null,
  id uuid not null,
  kind text not null,
  text text not null default '',
  materials jsonb not null default '[]',
  article_set_id uuid,
  audience jsonb not null,
  ignore_reprint boolean not null default false,
  state text not null,
  appid text,
  send_at timestamptz,
  people integer,
  total bigint,
  filtered bigint,
  sent bigint,
  errors bigint,
  status text not null default '',
  errcode integer,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  began_at timestamptz,
  finished_at timestamptz,
  constraint broadcast_pk primary key (merchant_id, id),
  constraint broadcast_kind_known check (kind in ('text', 'image', 'voice', 'video', 'mpnews')),
  constraint broadcast_state_known check (
    state in ('draft', 'scheduled', 'sending', 'sent', 'finished', 'failed', 'cancelled', 'deleted')),
  constraint broadcast_confirmed check (state = 'draft' or (send_at is not null and people > 0 and appid is not null)),
  constraint broadcast_begun check ((began_at is null) or state not in ('draft', 'scheduled', 'cancelled')),
  constraint broadcast_says_something check (
    (kind <> 'text' or text <> '') and (kind <> 'mpnews' or article_set_id is not null)),
  constraint broadcast_counts_natural check (total >= 0 and filtered >= 0 and sent >= 0 and errors >= 0)
);

select app.tenant('broadcast');

-- One call at WeChat; the id is its clientmsgid, so that asking twice is sending once.
create table broadcast_part (
  merchant_id uuid not null,
  id uuid not null,
  broadcast_id uuid not null,
  number integer not null,
  state text not null,
  people integer not null,
  draft_media_id text,
  msg_id text,
  msg_data_id text,
  status text not null default '',
  errcode integer,
  total bigint,
  filtered bigint,
  sent bigint,
  errors bigint,
  urls jsonb not null default '[]',
  check_state integer not null default 0,
  accepted_at timestamptz,
  finished_at timestamptz,
  constraint broadcast_part_pk primary key (merchant_id, id),
  constraint broadcast_part_numbered unique (merchant_id, broadcast_id, number),
  constraint broadcast_part_of_fk foreign key (merchant_id, broadcast_id) references broadcast (merchant_id, id) on delete cascade,
  constraint broadcast_part_state_known check (state in ('waiting', 'sending', 'accepted', 'finished', 'failed', 'deleted')),
  constraint broadcast_part_accepted check ((msg_id is null) = (accepted_at is null)),
  constraint broadcast_part_known_by_number check (state not in ('accepted', 'finished', 'deleted') or msg_id is not null)
);

select app.tenant('broadcast_part');

create unique index broadcast_part_msg on broadcast_part (merchant_id, msg_id) where msg_id is not null;

create index broadcast_part_accepted_at on broadcast_part (merchant_id, accepted_at) where accepted_at is not null;

-- Whom a part was meant for; what counts against a person's messages of the month.
create table broadcast_recipient (
  merchant_id uuid not null,
  part_id uuid not null,
  fan_id uuid not null,
  constraint broadcast_recipient_pk primary key (merchant_id, part_id, fan_id),
  constraint broadcast_recipient_part_fk foreign key (merchant_id, part_id)
    references broadcast_part (merchant_id, id) on delete cascade
);

select app.tenant('broadcast_recipient');
