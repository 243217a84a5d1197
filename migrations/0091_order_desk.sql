-- The merchant's desk of orders: found by what people say of them, among millions, and views that staff keep.

-- Before the first release there are few orders anywhere: rewriting them and building these takes no time.

-- Columns of their own, for under row-level security an index on an expression of jsonb finds nothing: its functions
-- are not leakproof. Compared byte by byte, so that what begins with a name is a range on every server.
-- squawk-ignore adding-field-with-default
alter table orders add column receiver text collate "C" generated always as (address ->> 'name') stored;

-- The last four digits find a phone, and so does the whole of it.
-- squawk-ignore adding-field-with-default
alter table orders add column phone_tail text generated always as (right(address ->> 'phone', 4)) stored;

-- squawk-ignore require-concurrent-index-creation
create index orders_by_phone on orders (merchant_id, phone_tail, number desc) where phone_tail is not null;

-- squawk-ignore require-concurrent-index-creation
create index orders_by_receiver on orders (merchant_id, receiver, number desc) where receiver is not null;

-- squawk-ignore require-concurrent-index-creation
create index fan_by_nickname on fan (merchant_id, (nickname collate "C")) where nickname is not null;

-- squawk-ignore require-concurrent-index-creation
create index orders_by_stage on orders (merchant_id, state, delivery, number desc);

-- squawk-ignore require-concurrent-index-creation
create index orders_with_refund on orders (merchant_id, number desc) where refunded_fen > 0;

-- squawk-ignore require-concurrent-index-creation
create index order_line_of_goods on order_line (merchant_id, product_id, order_id);

-- What is looked at often: a name and the filters it stands for. Without a member of staff it is everybody's.
create table order_view (
  merchant_id uuid not null,
  id uuid not null,
  staff_id uuid,
  name text not null,
  filters jsonb not null,
  created_at timestamptz not null,
  constraint order_view_pk primary key (merchant_id, id),
  constraint order_view_name_given check (length(name) between 1 and 20),
  constraint order_view_filters_object check (jsonb_typeof(filters) = 'object')
);

select app.tenant('order_view');
