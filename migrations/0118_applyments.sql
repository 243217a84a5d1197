-- Applications for a merchant number at WeChat Pay, made by the provider in a merchant's name.

create table applyment (
  merchant_id uuid not null,
  id uuid not null,
  state text not null,
  -- Counts what is saved, so that of two windows the later one does not overwrite the other unseen.
  rev bigint not null,
  subject text not null,
  short_name text not null default '',
  -- Everything that was typed, with people's names and numbers: sealed, and gone once its time is over.
  form_sealed bytea,
  -- What WeChat's reviewer, or its check, says of fields; may name people.
  flaws_sealed bytea,
  -- The number an application has with WeChat: it stays when it is sent again, unless a new one is asked for.
  business_code text not null default '',
  series bigint not null default 0,
  submits bigint not null default 0,
  sp_mchid text not null default '',
  wx_number text not null default '',
  message text not null default '',
  sign_url_sealed bytea,
  sub_mchid text not null default '',
  created_at timestamptz not null,
  saved_at timestamptz not null,
  sent_at timestamptz,
  moved_at timestamptz not null,
  looked_at timestamptz,
  ended_at timestamptz,
  forget_at timestamptz,
  forgotten_at timestamptz,
  constraint applyment_pk primary key (merchant_id, id),
  constraint applyment_state_known check (state in ('draft', 'sending', 'bounced', 'auditing', 'rejected', 'confirming',
    'signing', 'opening', 'finished', 'cancelled')),
  constraint applyment_subject_known check (subject in ('individual', 'enterprise')),
  constraint applyment_numbered check (state in ('draft', 'cancelled') or business_code <> ''),
  constraint applyment_finished_whole check (state <> 'finished' or (sub_mchid <> '' and sp_mchid <> '')),
  constraint applyment_ends check ((state in ('finished', 'cancelled')) = (ended_at is not null)),
  constraint applyment_forgotten check ((form_sealed is null) = (forgotten_at is not null)),
  constraint applyment_forgotten_after_end check (forgotten_at is null or ended_at is not null),
  -- What is under way is needed; everything else has a day on which it is forgotten, or was.
  constraint applyment_kept_while_needed check (
    (state in ('sending', 'auditing', 'confirming', 'signing', 'opening')) = (forget_at is null and forgotten_at is null)),
  constraint applyment_counts_sane check (rev > 0 and series >= 0 and submits >= 0)
);

select app.tenant('applyment');

create unique index applyment_one_at_a_time on applyment (merchant_id) where state not in ('finished', 'cancelled');

create unique index applyment_numbers on applyment (merchant_id, business_code) where business_code <> '';

-- Pictures of licences and cards. The file on disk is encrypted under a key of its own, which is here, sealed: without
-- the row nobody can read the file, nor a copy of it in some backup.
create table applyment_picture (
  merchant_id uuid not null,
  id uuid not null,
  applyment_id uuid not null,
  slot text not null,
  digest bytea not null,
  key_sealed bytea not null,
  bytes bigint not null,
  media_id text not null default '',
  media_mchid text not null default '',
  media_at timestamptz,
  added_at timestamptz not null,
  constraint applyment_picture_pk primary key (merchant_id, id),
  constraint applyment_picture_of foreign key (merchant_id, applyment_id)
    references applyment (merchant_id, id) on delete cascade,
  constraint applyment_picture_slot_known check (slot in ('license_copy', 'id_card_copy', 'id_card_national',
    'contact_id_doc_copy', 'contact_id_doc_copy_back', 'business_authorization_letter', 'ubo_id_doc_copy',
    'ubo_id_doc_copy_back', 'store_entrance_pic', 'indoor_pic', 'mp_pics', 'qualifications')),
  constraint applyment_picture_size check (bytes between 1 and 2097152),
  constraint applyment_picture_handed check ((media_id <> '') = (media_at is not null))
);

select app.tenant('applyment_picture');

create index applyment_picture_by_slot on applyment_picture (merchant_id, applyment_id, slot);
