-- What buyers say of what they bought: once a line, once more later, shown when the merchant lets it be shown.

create table review (
  merchant_id uuid not null,
  id uuid not null,
  order_line_id uuid not null,
  order_id uuid not null,
  product_id uuid not null,
  variant_id uuid not null,
  options jsonb not null,
  fan_id uuid,
  nick text not null,
  anonymous boolean not null,
  stars integer not null,
  words text not null,
  pictures jsonb not null,
  state text not null,
  hidden_because text not null default '',
  at timestamptz not null,
  more_words text not null default '',
  more_pictures jsonb not null default '[]',
  more_at timestamptz,
  reply text not null default '',
  replied_at timestamptz,
  constraint review_pk primary key (merchant_id, id),
  constraint review_once_a_line unique (merchant_id, order_line_id),
  constraint review_stars_known check (stars between 1 and 5),
  constraint review_words_short check (length(words) <= 500 and length(more_words) <= 500 and length(reply) <= 500),
  constraint review_pictures_few check (jsonb_array_length(pictures) <= 9 and jsonb_array_length(more_pictures) <= 9),
  constraint review_state_known check (state in ('pending', 'shown', 'hidden')),
  constraint review_hidden_with_reason check ((state = 'hidden') = (hidden_because <> ''))
);

select app.tenant('review');

create index review_of_product on review (merchant_id, product_id, state, at desc, id desc);

create index review_of_order on review (merchant_id, order_id);

create index review_of_fan on review (merchant_id, fan_id) where fan_id is not null;

create index review_newest on review (merchant_id, state, id desc);

-- What is shown of a product, counted once for all who look at it.
create table review_count (
  merchant_id uuid not null,
  product_id uuid not null,
  shown integer not null,
  stars_sum integer not null,
  good integer not null,
  middling integer not null,
  bad integer not null,
  pictured integer not null,
  constraint review_count_pk primary key (merchant_id, product_id),
  constraint review_count_sum check (shown = good + middling + bad and pictured <= shown and shown >= 0)
);

select app.tenant('review_count');

create table review_setting (
  merchant_id uuid not null,
  moderated boolean not null,
  constraint review_setting_pk primary key (merchant_id)
);

select app.tenant('review_setting');
