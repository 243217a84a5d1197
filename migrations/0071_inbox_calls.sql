-- One reader at a time reads a bucket to its end, so a second job for it only finds the lease taken.

-- The fence that stood when a reader was last called, and when that was: until somebody takes the lease, and moves
-- the fence, the reader who is called is still to come.
alter table inbox_bucket add column called_fence bigint;

alter table inbox_bucket add column called_at timestamptz;

-- As before, but calls a reader only when none is still to come. Whoever takes the lease waits for our lock of the
-- bucket, so he reads what we write. (A call of some seconds ago may have been lost with a worker: call again.)
create or replace function app.keep_pushes(
  b integer, moment timestamptz, job_id uuid, ids uuid[], appids text[], kinds text[], openids text[], raws bytea[]
) returns integer language plpgsql as $$
declare
  n integer;
  o inbox_bucket;
begin
  -- Locks the bucket first, so that numbers become visible in their order.
  insert into inbox_bucket as i (bucket, tail) values (b, cardinality(ids))
    on conflict (bucket) do update set tail = i.tail + cardinality(ids) returning i.* into o;
  insert into inbox (bucket, appid, id, kind, openid, received_at, position, raw)
    select b, r.appid, r.id, r.kind, r.openid, moment, o.tail - cardinality(ids) + r.n, r.raw
    from unnest(ids, appids, kinds, openids, raws) with ordinality as r(id, appid, kind, openid, raw, n)
    on conflict do nothing;
  get diagnostics n = row_count;
  if n > 0 and (o.called_fence is distinct from o.fence or o.called_at < now() - interval '5 seconds') then
    update inbox_bucket set called_fence = o.fence, called_at = now() where bucket = b;
    insert into job (merchant_id, id, kind, data, due_at, created_at)
      values ('00000000-0000-0000-0000-000000000000', job_id, 'wechat.read_inbox', jsonb_build_object('bucket', b), moment, moment);
  end if;
  return n;
end $$;
