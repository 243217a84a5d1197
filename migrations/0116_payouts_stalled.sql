-- What waits for a person is counted in the console's menu, from these few rows alone.
-- squawk-ignore require-concurrent-index-creation
create index payout_stalled on payout (merchant_id, id) where state = 'stalled';
