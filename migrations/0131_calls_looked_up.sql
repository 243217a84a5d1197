-- When WeChat was asked today what it allows of an API, because what we know of it was used up.
alter table wechat_usage add column asked_at timestamptz;

-- Slow calls are looked for among many quick ones.
-- squawk-ignore require-concurrent-index-creation
create index wechat_journal_slow on wechat_journal (merchant_id, at) where latency_ms >= 1000;
