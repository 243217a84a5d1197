-- Mini programs that merchants have registered through the platform: asked for, confirmed by a person, told by a push.

create table mini_registration (
  merchant_id uuid not null,
  id uuid not null,
  component_appid text not null,
  way text not null,
  name text not null,
  -- Who the person is, sealed; and the same as a hash, which the push that tells the end is found by.
  details_sealed bytea not null,
  digest bytea not null,
  state text not null,
  -- Why WeChat did not take it up, or how the registration ended there.
  errcode integer,
  status integer,
  message text not null default '',
  appid text,
  confirm_url_sealed bytea,
  created_at timestamptz not null,
  sent_at timestamptz,
  ended_at timestamptz,
  constraint mini_registration_pk primary key (merchant_id, id),
  constraint mini_registration_way_known check (way in ('company', 'person')),
  constraint mini_registration_state_known check (state in ('asked', 'waiting', 'done', 'failed')),
  constraint mini_registration_ends check ((state in ('done', 'failed')) = (ended_at is not null)),
  constraint mini_registration_has_its_appid check (appid is null or state = 'done')
);

select app.tenant('mini_registration');

create index mini_registration_latest on mini_registration (merchant_id, created_at desc);

create unique index mini_registration_one_at_a_time on mini_registration (merchant_id, digest)
  where state in ('asked', 'waiting');

-- Whose a registration is, by the hash of who is registered: the push that tells its end names no merchant.
create table registration_directory (
  digest bytea not null,
  merchant_id uuid not null,
  registration_id uuid not null,
  expires_at timestamptz not null,
  constraint registration_directory_pk primary key (digest)
);

select app.directory('registration_directory', 'digest');
