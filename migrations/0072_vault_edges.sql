-- Callback tokens during their change; when a stable token was last forced, so that none is forced in vain.

alter table component add column previous_token_sealed bytea;

alter table account add column previous_token_sealed bytea;

-- Plain words are believed for their token alone: there the old one is over a day after the change.
alter table account add column token_changed_at timestamptz;

-- WeChat carries out one forced renewal in 30 seconds and 20 a day.
alter table wechat_token add column forced_at timestamptz;

alter table wechat_token add column forced_today integer not null default 0
  constraint wechat_token_forced_at_most check (forced_today between 0 and 20);
