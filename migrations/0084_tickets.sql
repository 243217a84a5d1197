-- Tickets and services: codes that are shown at the counter, once or several times, until they end.

alter table orders validate constraint orders_delivery_known;

-- One ticket is one code. A ticket of several uses counts them; a service's code counts the pieces that were bought.
create table ticket (
  merchant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  line_id uuid not null,
  fan_id uuid not null,
  product_id uuid not null,
  variant_id uuid not null,
  kind text not null,
  title text not null,
  options jsonb not null,
  code text not null,
  uses integer not null,
  used integer not null default 0,
  state text not null,
  terms jsonb not null,
  valid_from timestamptz not null,
  valid_until timestamptz not null,
  issued_at timestamptz not null,
  ended_at timestamptz,
  constraint ticket_pk primary key (merchant_id, id),
  constraint ticket_order_fk foreign key (merchant_id, order_id) references orders (merchant_id, id),
  constraint ticket_code_once unique (merchant_id, code),
  constraint ticket_code_shape check (code ~ '^[0-9]{12}$'),
  constraint ticket_kind_known check (kind in ('ticket', 'service')),
  constraint ticket_uses_some check (uses between 1 and 100000),
  constraint ticket_used_within check (used between 0 and uses),
  constraint ticket_state_known check (state in ('valid', 'used', 'expired', 'refunded')),
  constraint ticket_used_up_means_all check ((state = 'used') <= (used = uses)),
  constraint ticket_valid_means_some_left check ((state = 'valid') <= (used < uses)),
  constraint ticket_end_has_time check ((state = 'valid') = (ended_at is null)),
  constraint ticket_window check (valid_until > valid_from)
);

select app.tenant('ticket');

create index ticket_of_order on ticket (merchant_id, order_id, id);

create index ticket_of_fan on ticket (merchant_id, fan_id, id desc);

create index ticket_by_state on ticket (merchant_id, state, id desc);

create index ticket_until on ticket (merchant_id, valid_until) where state = 'valid';

-- Each time a ticket was taken, and by whom; one that was taken back stays written down.
create table ticket_use (
  merchant_id uuid not null,
  id uuid not null,
  ticket_id uuid not null,
  count integer not null,
  at timestamptz not null,
  staff_id uuid not null,
  undone_at timestamptz,
  undone_by uuid,
  constraint ticket_use_pk primary key (merchant_id, id),
  constraint ticket_use_ticket_fk foreign key (merchant_id, ticket_id) references ticket (merchant_id, id),
  constraint ticket_use_some check (count >= 1),
  constraint ticket_use_undone_by_somebody check ((undone_at is null) = (undone_by is null))
);

select app.tenant('ticket_use');

create index ticket_use_of_ticket on ticket_use (merchant_id, ticket_id, at);

create index ticket_use_by_day on ticket_use (merchant_id, at);
