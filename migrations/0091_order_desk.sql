-- The merchant's desk of orders: found by what people say of them, among millions, and views that staff keep.

-- Before the first release there are few orders anywhere; building these takes no time.

-- The last four digits find a phone, and so does the whole of it.
-- squawk-ignore require-concurrent-index-creation
create index orders_by_phone on orders (merchant_id, (right(address ->> 'phone', 4)), number desc)
  where address is not null;

-- squawk-ignore require-concurrent-index-creation
create index orders_by_receiver on orders (merchant_id, (address ->> 'name') text_pattern_ops)
  where address is not null;

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
