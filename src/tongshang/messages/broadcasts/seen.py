"""What one person was sent together with others, read from where it was sent: nothing is written down per person.

A message to everybody went to whoever followed when it began (docs/adr/0039); other audiences were written down, for
tags and filters change.
"""

_LINE = """b.id, p.accepted_at as at, 'account' as by, 'broadcast' as kind,
  case b.kind when 'text' then b.text when 'mpnews' then '《' || coalesce(s.title, '') || '》'
    when 'image' then '[图片]' when 'voice' then '[语音]' when 'video' then '[视频]' when 'wxcard' then '[卡券]'
    else '[音乐] ' || coalesce(b.extra->>'title', '') end as text,
  '{}'::jsonb as about, false as file, null::text as file_type,
  case when p.state = 'accepted' then 'sending' else 'sent' end as state,
  null::jsonb as why, null::text as outcome, 'mass' as channel, null::uuid as staff_id,
  jsonb_build_object('msgtype', b.kind, 'content', jsonb_build_object('broadcast_id', b.id, 'urls', p.urls)) as content,
  b.id as place"""
_OUT = """p.state in ('accepted', 'finished', 'deleted')
  and ($3::timestamptz is null or (p.accepted_at, b.id) < ($3, $4)) order by p.accepted_at desc, b.id desc limit $5"""
TO_PERSON = f"""(select {_LINE}
  from broadcast_recipient r
  join broadcast_part p on p.merchant_id = r.merchant_id and p.id = r.part_id
  join broadcast b on b.merchant_id = p.merchant_id and b.id = p.broadcast_id
  left join article_set s on s.merchant_id = b.merchant_id and s.id = b.article_set_id
  where r.merchant_id = $1 and r.fan_id = $2 and {_OUT})
  union all
  (select {_LINE}
  from fan f
  join broadcast b on b.merchant_id = f.merchant_id and b.appid = f.appid and b.audience->>'by' = 'all'
    and b.began_at >= f.followed_at and (f.unfollowed_at is null or f.subscribed or b.began_at < f.unfollowed_at)
  join broadcast_part p on p.merchant_id = b.merchant_id and p.broadcast_id = b.id
  left join article_set s on s.merchant_id = b.merchant_id and s.id = b.article_set_id
  where f.merchant_id = $1 and f.id = $2 and {_OUT})"""
"""The lines of a conversation that are messages to many; $3 and $4 are the cursor, $5 is how many."""
