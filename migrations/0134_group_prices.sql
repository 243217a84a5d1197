-- A price of its own for a group of customers.

-- squawk-ignore ban-drop-constraint
alter table promotion drop constraint promotion_kind_known;

alter table promotion add constraint promotion_kind_known check (
  kind in ('flash', 'group', 'free_freight', 'n_for', 'nth', 'percent', 'full', 'gift', 'addon')) not valid;
