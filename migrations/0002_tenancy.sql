-- Merchants' people: staff, sessions, invitations, the audit.

create table shop_slug (
  slug text not null,
  merchant_id uuid not null,
  open boolean not null default true,
  constraint shop_slug_pk primary key (slug),
  constraint shop_slug_shape check (slug ~ '^[a-z0-9][a-z0-9-]{1,30}$')
);

select app.directory('shop_slug', 'slug');

create table staff_login (
  login text not null,
  merchant_id uuid not null,
  staff_id uuid not null,
  constraint staff_login_pk primary key (login),
  constraint staff_login_shape check (login ~ '^[a-z0-9][a-z0-9._@-]{2,60}$')
);

select app.directory('staff_login', 'login');

create table login_throttle (
  key text not null,
  failures integer not null,
  since timestamptz not null,
  constraint login_throttle_pk primary key (key),
  constraint login_throttle_natural check (failures >= 0)
);

select app.directory('login_throttle', 'key');

create table staff (
  merchant_id uuid not null,
  id uuid not null,
  login text not null,
  name text not null,
  role text not null,
  state text not null,
  password_hash text,
  totp_sealed bytea,
  created_at timestamptz not null,
  constraint staff_pk primary key (merchant_id, id),
  constraint staff_login_once unique (merchant_id, login),
  constraint staff_role_known check (role in ('provider', 'owner', 'manager', 'clerk', 'assistant')),
  constraint staff_provider_at_nil check ((role = 'provider') = (merchant_id = '00000000-0000-0000-0000-000000000000')),
  constraint staff_state_known check (state in ('invited', 'active', 'removed')),
  constraint staff_active_has_password check (state <> 'active' or password_hash is not null)
);

select app.tenant('staff');

create table staff_session (
  merchant_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  secret_hash bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  ip text not null,
  agent text not null,
  constraint staff_session_pk primary key (merchant_id, id),
  constraint staff_session_staff_fk foreign key (merchant_id, staff_id) references staff (merchant_id, id) on delete cascade
);

select app.tenant('staff_session');

create index staff_session_staff on staff_session (merchant_id, staff_id);

create table invite (
  merchant_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  secret_hash bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint invite_pk primary key (merchant_id, id),
  constraint invite_staff_fk foreign key (merchant_id, staff_id) references staff (merchant_id, id) on delete cascade
);

select app.tenant('invite');

-- Every write of a person, with who, what, on what, and the request it came in. Never changed.
create table audit (
  merchant_id uuid not null,
  id uuid not null,
  staff_id uuid,
  staff_name text not null,
  action text not null,
  target jsonb not null,
  request text not null,
  ip text not null,
  at timestamptz not null,
  constraint audit_pk primary key (merchant_id, id)
);

select app.tenant('audit');

revoke update, delete on audit from tongshang_app;
