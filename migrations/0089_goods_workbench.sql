-- The goods workbench: drafts of the editor, groups of goods, folders of pictures, and sheets brought in.

-- What somebody is still writing about goods, perhaps not well formed yet; discarding keeps it, to be taken back.
create table product_draft (
  merchant_id uuid not null,
  product_id uuid not null,
  doc jsonb not null,
  rev integer not null,
  base_version integer not null,
  title text not null,
  staff_name text not null,
  updated_at timestamptz not null,
  discarded_at timestamptz,
  constraint product_draft_pk primary key (merchant_id, product_id),
  constraint product_draft_rev_natural check (rev >= 1),
  constraint product_draft_base_natural check (base_version >= 0)
);

select app.tenant('product_draft');

create index product_draft_newest on product_draft (merchant_id, updated_at desc);

-- A group: goods put into it by hand, or whatever has one of the rule's tags or is in one of its categories.
create table product_group (
  merchant_id uuid not null,
  id uuid not null,
  name text not null,
  position integer not null,
  by_rule boolean not null,
  tags jsonb not null default '[]',
  categories jsonb not null default '[]',
  constraint product_group_pk primary key (merchant_id, id),
  constraint product_group_name_once unique (merchant_id, name),
  constraint product_group_name_given check (length(name) between 1 and 20),
  constraint product_group_rule_says check (
    by_rule = (jsonb_array_length(tags) + jsonb_array_length(categories) > 0))
);

select app.tenant('product_group');

create table product_group_member (
  merchant_id uuid not null,
  group_id uuid not null,
  product_id uuid not null,
  position integer not null,
  constraint product_group_member_pk primary key (merchant_id, group_id, product_id),
  constraint product_group_member_group_fk foreign key (merchant_id, group_id)
    references product_group (merchant_id, id) on delete cascade,
  constraint product_group_member_product_fk foreign key (merchant_id, product_id) references product (merchant_id, id)
);

select app.tenant('product_group_member');

create index product_group_member_of on product_group_member (merchant_id, product_id);

create table media_folder (
  merchant_id uuid not null,
  id uuid not null,
  name text not null,
  constraint media_folder_pk primary key (merchant_id, id),
  constraint media_folder_name_once unique (merchant_id, name),
  constraint media_folder_name_given check (length(name) between 1 and 20)
);

select app.tenant('media_folder');

alter table media_file add column folder_id uuid;

-- Taken out of the library; the file stays where orders of long ago show it.
alter table media_file add column gone_at timestamptz;

-- A sheet of goods that was brought in: looked through first, then written down where the merchant says so.
create table product_sheet (
  merchant_id uuid not null,
  id uuid not null,
  state text not null,
  name text not null,
  digest bytea not null,
  rows integer not null default 0,
  products integer not null default 0,
  good integer not null default 0,
  done integer not null default 0,
  refused integer not null default 0,
  skip_bad boolean not null default false,
  problem jsonb,
  staff_name text not null,
  asked_at timestamptz not null,
  ended_at timestamptz,
  constraint product_sheet_pk primary key (merchant_id, id),
  constraint product_sheet_state_known check (
    state in ('checking', 'checked', 'applying', 'done', 'unreadable', 'dropped')),
  constraint product_sheet_counts check (
    good between 0 and products and done between 0 and good and refused between 0 and good
    and done + refused <= good and products <= rows)
);

select app.tenant('product_sheet');

create index product_sheet_latest on product_sheet (merchant_id, asked_at desc);

-- The goods of a sheet, each with the rows it was written in and what is wrong with them.
create table product_sheet_item (
  merchant_id uuid not null,
  sheet_id uuid not null,
  nth integer not null,
  product_id uuid not null,
  title text not null,
  rows jsonb not null,
  state text not null,
  fresh boolean not null,
  problems jsonb not null,
  changes jsonb not null,
  doc jsonb,
  seen integer,
  constraint product_sheet_item_pk primary key (merchant_id, sheet_id, nth),
  constraint product_sheet_item_sheet_fk foreign key (merchant_id, sheet_id)
    references product_sheet (merchant_id, id) on delete cascade,
  constraint product_sheet_item_state_known check (state in ('good', 'bad', 'same', 'done', 'refused')),
  constraint product_sheet_item_good_has_doc check (state <> 'good' or doc is not null)
);

select app.tenant('product_sheet_item');

create index product_sheet_item_state on product_sheet_item (merchant_id, sheet_id, state, nth);
