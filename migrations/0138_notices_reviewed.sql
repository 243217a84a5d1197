-- What a person found out about a notice that does not agree with what was asked for; it waits for him until then.
alter table pay_notice add column reviewed_at timestamptz;

alter table pay_notice add column review text not null default '';

alter table pay_notice add constraint pay_notice_reviewed_with_words
check ((reviewed_at is null) = (review = '') and (reviewed_at is null or state = 'suspicious')) not valid;

-- squawk-ignore require-concurrent-index-creation
create index pay_notice_to_review on pay_notice (merchant_id, received_at desc)
where state = 'suspicious' and reviewed_at is null;
