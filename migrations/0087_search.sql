-- Finding goods: what each product on the shelf is found by, what is suggested, and what was asked for in vain.

-- A row for each product on the shelf, written in the transaction that writes the product. words: lexemes that begin
-- with their merchant's key, as one index serves all. sold and in_stock follow within a minute; made counts the way
-- words are made, so that older rows are made anew (0: as soon as may be).
create table product_search (
  merchant_id uuid not null,
  product_id uuid not null,
  words tsvector not null,
  category_id uuid,
  tags text[] not null,
  low_fen bigint not null,
  sold integer not null,
  in_stock boolean not null,
  created_at timestamptz not null,
  made integer not null,
  constraint product_search_pk primary key (merchant_id, product_id),
  constraint product_search_product_fk foreign key (merchant_id, product_id) references product (merchant_id, id)
);

select app.tenant('product_search');

-- What is on the shelf is for everybody to see, and a policy in front of it would keep the index from being used (@@ is
-- not leakproof). Writing stays the merchant's own; statements name the merchant as everywhere. ADR 0033.
create policy everybody_reads on product_search for select to tongshang_app using (true);

create index product_search_words on product_search using gin (words) with (fastupdate = off);

create index product_search_sold on product_search (merchant_id, sold desc, product_id desc);

create index product_search_price on product_search (merchant_id, low_fen, product_id);

create index product_search_new on product_search (merchant_id, created_at desc, product_id desc);

create index product_search_category on product_search (merchant_id, category_id, sold desc, product_id desc);

-- What is suggested while somebody types: categories, tags, and what titles have in common; made anew as a whole.
create table search_word (
  merchant_id uuid not null,
  word text not null,
  spoken text not null,
  initials text not null,
  goods integer not null,
  constraint search_word_pk primary key (merchant_id, word),
  constraint search_word_given check (length(word) between 1 and 20)
);

select app.tenant('search_word');

-- What the merchant says: groups of words that mean the same, and the words shown before anybody types.
create table search_setting (
  merchant_id uuid not null,
  synonyms jsonb not null default '[]',
  hot jsonb not null default '[]',
  -- How far what follows is: the shelf's version it has seen, and when the words were made.
  seen bigint not null default 0,
  worded_at timestamptz,
  constraint search_setting_pk primary key (merchant_id),
  constraint search_setting_lists check (jsonb_typeof(synonyms) = 'array' and jsonb_typeof(hot) = 'array')
);

select app.tenant('search_setting');

-- What found nothing, by day; who asked is not kept.
create table search_miss (
  merchant_id uuid not null,
  day date not null,
  query text not null,
  times integer not null,
  constraint search_miss_pk primary key (merchant_id, day, query),
  constraint search_miss_short check (length(query) between 1 and 40),
  constraint search_miss_some check (times >= 1)
);

select app.tenant('search_miss');
