-- Log-ins: a one-time code is good once, and links to one account are found by whom they are for.

-- The half minute of the last code that was used.
alter table staff add column totp_step bigint;

-- squawk-ignore require-concurrent-index-creation
create index invite_staff on invite (merchant_id, staff_id) where used_at is null;

-- Every hour what was counted in windows that are over is dropped.
-- squawk-ignore require-concurrent-index-creation
create index login_throttle_since on login_throttle (since);
