-- The ground: roles, the rules every table keeps, facts and jobs.
-- One statement per call; per table: create, then app.tenant() or app.directory(), then indexes.

do $$ begin
  if not exists (select 1 from pg_roles where rolname = 'tongshang_app') then
    create role tongshang_app login nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
  if not exists (select 1 from pg_roles where rolname = 'tongshang_system') then
    create role tongshang_system login nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
  if not exists (select 1 from pg_roles where rolname = 'tongshang_inbox') then
    create role tongshang_inbox login nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
end $$;

create schema app;

grant usage on schema app, public to tongshang_app, tongshang_system, tongshang_inbox;

-- A tenant table: sharded by merchant, visible to the request role for one merchant at a time.
create function app.tenant(t regclass) returns void language plpgsql as $$
begin
  if exists (select 1 from pg_extension where extname = 'citus') then
    if t = 'merchant'::regclass then perform create_distributed_table(t, 'merchant_id');
    else perform create_distributed_table(t, 'merchant_id', colocate_with => 'merchant'); end if;
  end if;
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy own_merchant on %s to tongshang_app
    using (merchant_id = nullif(current_setting(''app.merchant_id'', true), '''')::uuid)
    with check (merchant_id = nullif(current_setting(''app.merchant_id'', true), '''')::uuid)', t);
  execute format('create policy system_role on %s to tongshang_system using (true) with check (true)', t);
  execute format('grant select, insert, update, delete on %s to tongshang_app, tongshang_system', t);
end $$;

-- A directory table: key -> merchant, read before the merchant is known; no row-level security.
create function app.directory(t regclass, col text) returns void language plpgsql as $$
begin
  if exists (select 1 from pg_extension where extname = 'citus') then
    perform create_distributed_table(t, col, colocate_with => 'none');
  end if;
  execute format('grant select, insert, update, delete on %s to tongshang_app, tongshang_system', t);
end $$;

create table merchant (
  merchant_id uuid not null,
  name text not null,
  slug text not null,
  state text not null,
  created_at timestamptz not null,
  constraint merchant_pk primary key (merchant_id),
  constraint merchant_state_known check (state in ('active', 'suspended')),
  constraint merchant_name_given check (length(name) between 1 and 60)
);

select app.tenant('merchant');

-- What happened. Never updated; the timeline and the audit read it.
create table fact (
  merchant_id uuid not null,
  id uuid not null,
  kind text not null,
  data jsonb not null,
  at timestamptz not null,
  constraint fact_pk primary key (merchant_id, id)
);

select app.tenant('fact');

revoke update, delete on fact from tongshang_app;

-- Whose timeline a fact belongs to (a fan, an order, a product).
create table fact_subject (
  merchant_id uuid not null,
  subject_id uuid not null,
  fact_id uuid not null,
  constraint fact_subject_pk primary key (merchant_id, subject_id, fact_id),
  constraint fact_subject_fact_fk foreign key (merchant_id, fact_id) references fact (merchant_id, id) on delete cascade
);

select app.tenant('fact_subject');

revoke update on fact_subject from tongshang_app;

-- A reaction still to come. due_at is world time; leased_until is the database's own.
create table job (
  merchant_id uuid not null,
  id uuid not null,
  kind text not null,
  fact_id uuid,
  data jsonb not null,
  due_at timestamptz not null,
  created_at timestamptz not null,
  leased_until timestamptz,
  locked_by text,
  attempts integer not null default 0,
  last_error text,
  parked_at timestamptz,
  constraint job_pk primary key (merchant_id, id),
  constraint job_attempts_natural check (attempts >= 0)
);

select app.tenant('job');

create index job_due on job (merchant_id, due_at) where parked_at is null;

create index job_due_anywhere on job (due_at) where parked_at is null;

-- Things done by one process at a time, such as the daily bill: a lease each, under the nil merchant.
create table duty (
  merchant_id uuid not null,
  name text not null,
  done_until timestamptz not null,
  leased_until timestamptz,
  locked_by text,
  constraint duty_pk primary key (merchant_id, name)
);

select app.tenant('duty');

-- When each worker was last seen.
create table worker (
  merchant_id uuid not null,
  id text not null,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  done bigint not null default 0,
  failed bigint not null default 0,
  constraint worker_pk primary key (merchant_id, id)
);

select app.tenant('worker');

create table counter (
  merchant_id uuid not null,
  name text not null,
  value bigint not null,
  constraint counter_pk primary key (merchant_id, name)
);

select app.tenant('counter');

-- Writes facts, their subjects and the jobs they wake in one round trip, in the caller's transaction.
create function app.emit(m uuid, moment timestamptz, facts jsonb) returns void language plpgsql as $$
begin
  insert into fact (merchant_id, id, kind, data, at)
    select m, f.id, f.kind, f.data, moment
    from jsonb_to_recordset(facts) as f(id uuid, kind text, data jsonb);
  insert into fact_subject (merchant_id, subject_id, fact_id)
    select m, s.value::uuid, f.id
    from jsonb_to_recordset(facts) as f(id uuid, subjects jsonb), jsonb_array_elements_text(f.subjects) as s(value);
  insert into job (merchant_id, id, kind, fact_id, data, due_at, created_at)
    select m, j.id, j.kind, f.id, f.data, j.due_at, moment
    from jsonb_to_recordset(facts) as f(id uuid, data jsonb, jobs jsonb),
         jsonb_to_recordset(f.jobs) as j(id uuid, kind text, due_at timestamptz);
end $$;

grant execute on function app.emit to tongshang_app, tongshang_system;
