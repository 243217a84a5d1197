-- What runs low and was told of: once per falling below, gone again when there is more.

create table low_stock (
  merchant_id uuid not null,
  variant_id uuid not null,
  place_id uuid not null default '00000000-0000-0000-0000-000000000000',
  told_at timestamptz not null,
  constraint low_stock_pk primary key (merchant_id, variant_id, place_id),
  constraint low_stock_variant_fk foreign key (merchant_id, variant_id) references variant (merchant_id, id)
);

select app.tenant('low_stock');
