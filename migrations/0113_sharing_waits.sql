-- What waits for a person is counted often: shares that were asked back and did not come.
-- squawk-ignore require-concurrent-index-creation
create index sharing_return_failed on sharing_return (merchant_id, split_id) where state = 'failed';
