-- Coupons beyond so much off: percent with a cap, only some goods, a time to claim them in; and who pays member prices.

alter table coupon add column kind text not null default 'minus'
  constraint coupon_kind_known check (kind in ('minus', 'percent'));

-- What remains to be paid, in hundredths, of a percent coupon; its minus_fen is what it takes off at most.
alter table coupon add column percent integer not null default 100
  constraint coupon_percent_sane check (percent between 1 and 100 and (kind = 'percent') = (percent < 100));

alter table coupon add column scope jsonb not null default '{}'
  constraint coupon_scope_object check (jsonb_typeof(scope) = 'object');

alter table coupon add column stacks_with jsonb not null default '["promotions", "member", "flash"]'
  constraint coupon_stacks_list check (jsonb_typeof(stacks_with) = 'array');

alter table coupon add column claim_from timestamptz;

alter table coupon add column claim_until timestamptz
  constraint coupon_claim_window check (claim_until > claim_from);

-- Whose price the member's is: nobody's, that of whoever follows, or of whoever wears a tag.
create table price_policy (
  merchant_id uuid not null,
  members text not null,
  tag_id uuid,
  constraint price_policy_pk primary key (merchant_id),
  constraint price_policy_members_known check (members in ('nobody', 'followers', 'tag')),
  constraint price_policy_tag_named check ((members = 'tag') = (tag_id is not null))
);

select app.tenant('price_policy');
