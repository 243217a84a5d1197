-- Parcels in parts: what of which line is in which parcel, and never more than was bought and not given back.

-- sent: pieces that went out in parcels; sent_back: how many of those were refunded afterwards. What waits to be sent
-- is quantity - refunded_quantity - (sent - sent_back): pieces that have not gone out are refunded first.
alter table order_line add column sent integer not null default 0;

alter table order_line add column sent_back integer not null default 0;

alter table order_line add constraint order_line_sent_within
  check (sent_back between 0 and sent and sent - sent_back <= quantity - refunded_quantity) not valid;

-- whole: sent as everything that was left, without choosing.
alter table shipment add column whole boolean not null default true;

-- A parcel without lines is from before there were any, or one more box, or replaces something that came back.
create table shipment_line (
  merchant_id uuid not null,
  shipment_id uuid not null,
  line_id uuid not null,
  order_id uuid not null,
  quantity integer not null,
  constraint shipment_line_pk primary key (merchant_id, shipment_id, line_id),
  constraint shipment_line_shipment_fk foreign key (merchant_id, shipment_id) references shipment (merchant_id, id),
  constraint shipment_line_line_fk foreign key (merchant_id, line_id) references order_line (merchant_id, id),
  constraint shipment_line_some check (quantity >= 1)
);

select app.tenant('shipment_line');

create index shipment_line_of_order on shipment_line (merchant_id, order_id);
