-- Whether a merchant under a service provider has let it give its money away (商家转账授权): WeChat's words of our newest
-- application, whose number is payout_apply_id as 32 hex digits; empty before there was one.
alter table pay_account add column payout_grant text not null default '';

alter table pay_account add column payout_apply_id uuid;

alter table pay_account add column payout_grant_at timestamptz;

alter table pay_account add constraint pay_account_payout_grant_known
check (payout_grant in ('', 'asked', 'invited', 'passed', 'rejected', 'expired', 'canceled')) not valid;

alter table pay_account add constraint pay_account_payout_grant_numbered
check ((payout_grant = '') = (payout_apply_id is null)) not valid;
