-- Getting goods to people: parcels, and codes to pick up with.

create table shipment (
  merchant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  company text not null,
  number text not null,
  shipped_at timestamptz not null,
  constraint shipment_pk primary key (merchant_id, id),
  constraint shipment_number_shape check (number ~ '^[A-Za-z0-9-]{4,40}$'),
  constraint shipment_company_given check (length(company) between 1 and 30)
);

select app.tenant('shipment');

create index shipment_of_order on shipment (merchant_id, order_id);

create table pickup_place (
  merchant_id uuid not null,
  enabled boolean not null,
  place text not null,
  address text not null,
  hours text not null,
  phone text not null,
  constraint pickup_place_pk primary key (merchant_id),
  constraint pickup_place_complete check (not enabled or (length(place) > 0 and length(address) > 0))
);

select app.tenant('pickup_place');

create table pickup (
  merchant_id uuid not null,
  order_id uuid not null,
  code text not null,
  created_at timestamptz not null,
  verified_at timestamptz,
  verified_by uuid,
  constraint pickup_pk primary key (merchant_id, order_id),
  constraint pickup_code_once unique (merchant_id, code),
  constraint pickup_code_shape check (code ~ '^[0-9]{12}$'),
  constraint pickup_verified_by_somebody check ((verified_at is null) = (verified_by is null))
);

select app.tenant('pickup');
