-- Fans known at once and every night; why a message was not sent, in a code; the order in which things happened.

-- Whom WeChat is to be asked about, and from when: whoever asks moves `due_at` on, so that a killed one is asked anew.
create table fan_look (
  merchant_id uuid not null,
  fan_id uuid not null,
  due_at timestamptz not null,
  constraint fan_look_pk primary key (merchant_id, fan_id),
  constraint fan_look_fan_fk foreign key (merchant_id, fan_id) references fan (merchant_id, id) on delete cascade
);

select app.tenant('fan_look');

create index fan_look_due on fan_look (merchant_id, due_at);

-- Whether the list of followers is read anew at night; without a row it is.
create table follower_nightly (
  merchant_id uuid not null,
  enabled boolean not null,
  updated_at timestamptz not null,
  constraint follower_nightly_pk primary key (merchant_id)
);

select app.tenant('follower_nightly');

-- Who began a run: a member of staff, the authorization of the account, or the night.
alter table follower_sync add column origin text not null default 'staff';

alter table follower_sync add constraint follower_sync_origin_known
  check (origin in ('staff', 'account', 'night')) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table follower_sync validate constraint follower_sync_origin_known;
