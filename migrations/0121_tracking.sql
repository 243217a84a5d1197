-- Where parcels are, as kuaidi100 tells.

-- A merchant's own account at kuaidi100. key_print: a fingerprint, to tell keys apart by.
create table tracking_account (
  merchant_id uuid not null,
  customer text not null,
  key_sealed bytea not null,
  key_print text not null,
  enabled boolean not null,
  problem text not null default '',
  updated_at timestamptz not null,
  constraint tracking_account_pk primary key (merchant_id),
  constraint tracking_account_customer_given check (length(customer) between 1 and 64)
);

select app.tenant('tracking_account');

-- One row for each number of a carrier, whoever's orders are in the parcel. salt: what kuaidi100 signs with towards us,
-- for this number alone. events: newest first. latest_at: when the newest of them was.
create table parcel_track (
  merchant_id uuid not null,
  id uuid not null,
  carrier text not null,
  number text not null,
  salt_sealed bytea not null,
  state text not null,
  stage text not null default '',
  problem text not null default '',
  events jsonb not null default '[]',
  wanted_at timestamptz not null,
  latest_at timestamptz,
  told_at timestamptz,
  queried_at timestamptz,
  signed_at timestamptz,
  constraint parcel_track_pk primary key (merchant_id, id),
  constraint parcel_track_once unique (merchant_id, carrier, number),
  constraint parcel_track_state_known check (state in ('wanted', 'watched', 'refused', 'ended')),
  constraint parcel_track_events_few check (jsonb_typeof(events) = 'array' and jsonb_array_length(events) <= 200),
  constraint parcel_track_signed_was_told check (signed_at is null or told_at is not null)
);

select app.tenant('parcel_track');

-- squawk-ignore require-concurrent-index-creation
create index shipment_of_number on shipment (merchant_id, number);

-- squawk-ignore require-concurrent-index-creation
create index shipment_lately on shipment (merchant_id, shipped_at);
