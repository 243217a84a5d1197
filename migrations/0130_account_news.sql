-- What WeChat said of an account's own verification: it succeeded, failed, is due again, or is over.
create table account_news (
  merchant_id uuid not null,
  appid text not null,
  at timestamptz not null,
  event text not null,
  expires_at timestamptz,
  reason text not null default '',
  constraint account_news_pk primary key (merchant_id, appid, at, event),
  constraint account_news_event_shape check (event ~ '^[a-z][a-z_]{1,39}$'),
  constraint account_news_reason_short check (length(reason) <= 300)
);

select app.tenant('account_news');
