-- What the shop looks like: its sign, and its pages as documents with revisions.

create table shop (
  merchant_id uuid not null,
  name text not null,
  logo_id uuid,
  notice text not null,
  phone text not null,
  privacy_text text not null,
  privacy_version integer not null,
  theme text not null,
  updated_at timestamptz not null,
  constraint shop_pk primary key (merchant_id),
  constraint shop_name_given check (length(name) between 1 and 30),
  constraint shop_theme_is_colour check (theme ~ '^#[0-9a-f]{6}$')
);

select app.tenant('shop');

create table page (
  merchant_id uuid not null,
  kind text not null,
  rev integer not null,
  constraint page_pk primary key (merchant_id, kind),
  constraint page_kind_known check (kind in ('home'))
);

select app.tenant('page');

-- Every revision that was ever published; never changed.
create table page_rev (
  merchant_id uuid not null,
  kind text not null,
  rev integer not null,
  doc jsonb not null,
  author text not null,
  at timestamptz not null,
  constraint page_rev_pk primary key (merchant_id, kind, rev)
);

select app.tenant('page_rev');

revoke update, delete on page_rev from tongshang_app;
