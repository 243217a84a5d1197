-- The third-party platform, complete: several components, what they are told, the release test; own accounts' modes.

alter table component add column name text not null default '';

-- How an account with a server setting of its own talks to us, and since when its address is verified.
alter table account add column callback_mode text not null default 'safe'
  constraint account_callback_mode_known check (callback_mode in ('safe', 'compatible', 'plain'));

alter table account add column previous_aes_key_sealed bytea;

alter table account add column verified_at timestamptz;

-- What WeChat told a component that concerns no account of ours yet: registrations, audits, whatever comes next.
create table component_notice (
  merchant_id uuid not null,
  id uuid not null,
  component_appid text not null,
  kind text not null,
  appid text not null default '',
  status integer,
  message text not null default '',
  data jsonb not null,
  auth_code_sealed bytea,
  at timestamptz not null,
  constraint component_notice_pk primary key (merchant_id, id),
  constraint component_notice_at_nil check (merchant_id = '00000000-0000-0000-0000-000000000000')
);

select app.tenant('component_notice');

create index component_notice_latest on component_notice (merchant_id, component_appid, at desc);

-- Each question of WeChat's full-network release test, and what became of our answer.
create table release_answer (
  merchant_id uuid not null,
  id uuid not null,
  component_appid text not null,
  appid text not null,
  openid text not null,
  question text not null,
  code_sealed bytea,
  state text not null,
  error text not null default '',
  at timestamptz not null,
  done_at timestamptz,
  constraint release_answer_pk primary key (merchant_id, id),
  constraint release_answer_at_nil check (merchant_id = '00000000-0000-0000-0000-000000000000'),
  constraint release_answer_question_known check (question in ('text', 'api', 'event')),
  constraint release_answer_state_known check (state in ('sending', 'answered', 'failed')),
  constraint release_answer_has_its_code check ((question = 'api') = (code_sealed is not null)),
  constraint release_answer_ends check ((state = 'sending') = (done_at is null))
);

select app.tenant('release_answer');

create index release_answer_latest on release_answer (merchant_id, component_appid, at desc);
