/** Tags, tasks, the follower sync, and WeChat's own figures. */
export interface FanTag {
  id: string
  wechat_id: number | null
  name: string
  wechat_name: string
  people: number
  state: 'making' | 'kept' | 'renaming' | 'dropping' | 'refused'
  errcode: number | null
}

export interface FanTask {
  id: string
  kind: 'tag' | 'untag' | 'block' | 'unblock' | 'remark'
  tag_id: string | null
  note: string
  total: number
  done: number
  failed: number
  state: 'waiting' | 'done'
  errcode: number | null
}

export interface FanTags {
  items: FanTag[]
  running: FanTask[]
}

export interface FanTaskView {
  task: FanTask
  failures: { fan_id: string; openid: string; errcode: number | null }[]
}

export interface SyncRun {
  id: string
  state: 'running' | 'done' | 'cancelled' | 'failed'
  phase: 'tags' | 'people' | 'blocked' | 'gone'
  total: number
  seen: number
  added: number
  gone: number
  errcode: number | null
  error: string | null
  started_at: string
  moved_at: string
  finished_at: string | null
  origin: 'staff' | 'account' | 'night'
}

export interface SyncState {
  run: SyncRun | null
  nightly: boolean
  next_at: string | null
}

export interface Insights {
  state: 'none' | 'running' | 'done'
  through: string | null
  refused: Record<string, number>
  growth: { date: string; new: number; cancelled: number; net: number; total: number | null }[]
  messages: { date: string; people: number; count: number }[]
  articles: { date: string; readers: number; reads: number; shares: number }[]
  interface: { date: string; calls: number; failed: number; average_ms: number; most_ms: number }[]
  sources: { source: number; new: number }[]
  top: { msgid: string; title: string; date: string; readers: number; reads: number; shares: number }[]
}
