-- What is sold: categories, products, variants, and how many there are.

create table category (
  merchant_id uuid not null,
  id uuid not null,
  name text not null,
  position integer not null,
  constraint category_pk primary key (merchant_id, id),
  constraint category_name_once unique (merchant_id, name),
  constraint category_name_given check (length(name) between 1 and 20)
);

select app.tenant('category');

create table product (
  merchant_id uuid not null,
  id uuid not null,
  title text not null,
  subtitle text not null,
  category_id uuid,
  pictures jsonb not null,
  detail text not null,
  options jsonb not null,
  state text not null,
  low_fen bigint not null,
  high_fen bigint not null,
  sold integer not null default 0,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint product_pk primary key (merchant_id, id),
  constraint product_category_fk foreign key (merchant_id, category_id) references category (merchant_id, id),
  constraint product_state_known check (state in ('on', 'off', 'gone')),
  constraint product_title_given check (length(title) between 1 and 60),
  constraint product_prices_ordered check (low_fen between 1 and high_fen)
);

select app.tenant('product');

create index product_shelf on product (merchant_id, state, id desc);

create index product_category on product (merchant_id, category_id, id desc);

create table variant (
  merchant_id uuid not null,
  id uuid not null,
  product_id uuid not null,
  position integer not null,
  options jsonb not null,
  price_fen bigint not null,
  market_price_fen bigint,
  sku_code text not null,
  picture_id uuid,
  gone boolean not null default false,
  constraint variant_pk primary key (merchant_id, id),
  constraint variant_product_fk foreign key (merchant_id, product_id) references product (merchant_id, id),
  constraint variant_price_positive check (price_fen between 1 and 100000000),
  constraint variant_market_price_positive check (market_price_fen >= 1)
);

select app.tenant('variant');

create index variant_of_product on variant (merchant_id, product_id, position);

-- on_hand counts what is in the shop; reserved is the part of it that unpaid orders hold.
create table stock (
  merchant_id uuid not null,
  variant_id uuid not null,
  on_hand integer not null,
  reserved integer not null default 0,
  constraint stock_pk primary key (merchant_id, variant_id),
  constraint stock_variant_fk foreign key (merchant_id, variant_id) references variant (merchant_id, id),
  constraint stock_never_negative check (on_hand >= 0),
  constraint stock_reserved_is_part check (reserved between 0 and on_hand)
) with (fillfactor = 70);

select app.tenant('stock');

-- Who holds what. A hold ends once: used (sold), or released.
create table stock_hold (
  merchant_id uuid not null,
  holder_id uuid not null,
  variant_id uuid not null,
  quantity integer not null,
  state text not null,
  at timestamptz not null,
  constraint stock_hold_pk primary key (merchant_id, holder_id, variant_id),
  constraint stock_hold_variant_fk foreign key (merchant_id, variant_id) references variant (merchant_id, id),
  constraint stock_hold_some check (quantity >= 1),
  constraint stock_hold_state_known check (state in ('held', 'used', 'released'))
);

select app.tenant('stock_hold');

-- Bumped by every change of a price, a shelf or a stock, so that every process sees it at its next read:
-- one row a product, and one under the nil id for the lists.
create table shelf_version (
  merchant_id uuid not null,
  subject_id uuid not null,
  version bigint not null,
  constraint shelf_version_pk primary key (merchant_id, subject_id)
) with (fillfactor = 70);

select app.directory('shelf_version', 'merchant_id');

-- Says that products changed, in the transaction that changes them; rows in id order, so that nobody embraces.
create function app.shelf_changed(m uuid, products uuid[]) returns void language plpgsql as $$
begin
  insert into shelf_version (merchant_id, subject_id, version)
    select m, s.id, 1 from (
      select distinct p as id from unnest(products || '00000000-0000-0000-0000-000000000000'::uuid) p order by 1) s
    on conflict (merchant_id, subject_id) do update set version = shelf_version.version + 1;
end $$;

grant execute on function app.shelf_changed to tongshang_app, tongshang_system;
