-- Scene codes: how many days a temporary one lasts, and how many permanent ones an account has left.

alter table scene_code add column days integer not null default 30;

alter table scene_code add constraint scene_code_days_few check (days between 1 and 30) not valid;

-- The table is small wherever it stands; building the index takes no time.
-- squawk-ignore require-concurrent-index-creation
create index scene_code_permanent on scene_code (merchant_id) where permanent;
