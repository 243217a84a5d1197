-- People are told that money waits for them, as they are of their orders.

-- squawk-ignore ban-drop-constraint
alter table notice_plan drop constraint notice_plan_occasion_known;

alter table notice_plan add constraint notice_plan_occasion_named check (occasion ~ '^[a-z][a-z_]{1,39}$') not valid;

-- squawk-ignore constraint-missing-not-valid
alter table notice_plan validate constraint notice_plan_occasion_named;
