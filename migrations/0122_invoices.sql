-- Invoices: customers ask for one on their order, the merchant issues it elsewhere and says so here, or refuses.

create table invoice (
  merchant_id uuid not null,
  id uuid not null,
  number bigint not null,
  order_id uuid not null,
  fan_id uuid not null,
  state text not null,
  kind text not null,
  title text not null,
  tax_number text not null,
  email text not null,
  amount_fen bigint not null,
  asked_at timestamptz not null,
  ended_at timestamptz,
  ended_by uuid,
  reason text not null default '',
  invoice_number text not null default '',
  link text not null default '',
  file_name text not null default '',
  issued_at timestamptz,
  red_since timestamptz,
  red_fen bigint not null default 0,
  red_number text not null default '',
  constraint invoice_pk primary key (merchant_id, id),
  constraint invoice_number_once unique (merchant_id, number),
  constraint invoice_order_fk foreign key (merchant_id, order_id) references orders (merchant_id, id),
  constraint invoice_state_known check (state in ('asked', 'issued', 'refused', 'withdrawn', 'red_owed', 'reversed')),
  constraint invoice_kind_known check (kind in ('person', 'company')),
  constraint invoice_title_given check (length(title) between 1 and 100),
  constraint invoice_company_has_tax_number check ((kind = 'company') = (tax_number <> '')),
  constraint invoice_email_shape check (email ~ '^[^@[:space:]]{1,64}@[^@[:space:]]{1,190}$'),
  constraint invoice_amount_some check (amount_fen >= 1),
  constraint invoice_issued_has_paper check (state not in ('issued', 'red_owed', 'reversed')
    or (issued_at is not null and (invoice_number <> '' or link <> '' or file_name <> ''))),
  constraint invoice_refused_with_reason check (state <> 'refused' or reason <> ''),
  constraint invoice_red_within check (red_fen between 0 and amount_fen),
  constraint invoice_red_has_time check ((red_fen > 0) = (red_since is not null)),
  constraint invoice_link_safe check (link = '' or link like 'https://%')
);

select app.tenant('invoice');

-- One that is asked for or stands for each order; what was refused, withdrawn or reversed may be asked for again.
create unique index invoice_one_open on invoice (merchant_id, order_id) where state in ('asked', 'issued', 'red_owed');

create index invoice_of_order on invoice (merchant_id, order_id, number);

create index invoice_desk on invoice (merchant_id, state, number desc);

create table invoice_file (
  merchant_id uuid not null,
  invoice_id uuid not null,
  data bytea not null,
  constraint invoice_file_pk primary key (merchant_id, invoice_id),
  constraint invoice_file_invoice_fk foreign key (merchant_id, invoice_id) references invoice (merchant_id, id),
  constraint invoice_file_small check (length(data) between 1 and 1048576)
);

select app.tenant('invoice_file');
