-- Messages to many of more kinds, and found again from the person they went to.

-- The words and numbers of a piece of music or of a card.
alter table broadcast add column extra jsonb not null default '{}';

-- squawk-ignore ban-drop-constraint
alter table broadcast drop constraint broadcast_kind_known;

alter table broadcast add constraint broadcast_kind_known check (
  kind in ('text', 'image', 'voice', 'video', 'mpnews', 'music', 'wxcard')) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table broadcast validate constraint broadcast_kind_known;

-- What goes to everybody is not written down person by person: who followed when it went out is known.
-- squawk-ignore require-concurrent-index-creation
create index broadcast_began on broadcast (merchant_id, began_at) where began_at is not null;

-- squawk-ignore require-concurrent-index-creation
create index broadcast_recipient_fan on broadcast_recipient (merchant_id, fan_id, part_id);

-- Whether an article takes comments, once somebody has changed it here; before, it is as it was published.
create table comment_switch (
  merchant_id uuid not null,
  appid text not null,
  msg_data_id text not null,
  number integer not null,
  open boolean not null,
  changed_at timestamptz not null,
  constraint comment_switch_pk primary key (merchant_id, appid, msg_data_id, number),
  constraint comment_switch_numbered check (number between 1 and 8)
);

select app.tenant('comment_switch');
