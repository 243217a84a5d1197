-- What sending costs: templates by region, weight or pieces. The flat rate of before stays for goods without one.

-- zones: a list of {regions: [codes], rate}; a zone without a rate is one where nothing is sent. rest: the same for
-- everywhere else. A template that goods or carts may still name is never deleted, only gone.
create table freight_template (
  merchant_id uuid not null,
  id uuid not null,
  name text not null,
  charged_by text not null,
  zones jsonb not null,
  rest jsonb not null,
  is_default boolean not null default false,
  gone boolean not null default false,
  updated_at timestamptz not null,
  constraint freight_template_pk primary key (merchant_id, id),
  constraint freight_template_name_given check (length(name) between 1 and 20),
  constraint freight_template_charged_by_known check (charged_by in ('pieces', 'weight')),
  constraint freight_template_shapes check (jsonb_typeof(zones) = 'array' and jsonb_typeof(rest) in ('object', 'null')),
  constraint freight_template_default_is_there check (not (gone and is_default))
);

select app.tenant('freight_template');

create unique index freight_template_name_once on freight_template (merchant_id, name) where not gone;

create unique index freight_template_one_default on freight_template (merchant_id) where is_default;

-- Counts changes of the templates, so that what a process holds ready is known to be current.
alter table freight add column version bigint not null default 0;

-- Not valid: nothing named a template before there were any.
alter table product add constraint product_freight_template_fk foreign key (merchant_id, freight_template_id)
  references freight_template (merchant_id, id) not valid;

-- A courier also calls fixed lines; WeChat's address book has some.
-- squawk-ignore ban-drop-constraint
alter table address drop constraint address_phone_shape;

alter table address add constraint address_phone_shape
  check (phone ~ '^(1[0-9]{10}|0[0-9]{9,11})$') not valid;

alter table address add constraint address_region_named
  check (jsonb_typeof(region) = 'array' and jsonb_array_length(region) between 1 and 4) not valid;
