-- What was paid and not sent lies on the shelf still, though it is on hand no more: a count finds it there.

alter table stock_count_line add column unsent integer not null default 0;

alter table stock_count_line add constraint stock_count_line_unsent_natural check (unsent between 0 and expected) not valid;
