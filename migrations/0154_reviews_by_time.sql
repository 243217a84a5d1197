-- Reviews in the order in which they were written: their ids are chosen by buyers' phones and say nothing of time.
-- squawk-ignore require-concurrent-index-creation
create index review_by_time on review (merchant_id, state, at desc, id desc);
