-- Since when the rest of a shared payment is being set free: what is asked for again is asked at pauses that grow from
-- then on, however late it began. Null where that began before this was written down.
alter table sharing_split add column releasing_at timestamptz;
