/** The library of materials, articles, and messages to many. */
export type MaterialKind = 'image' | 'voice' | 'video'

export interface Material {
  id: string
  kind: MaterialKind
  name: string
  title: string
  introduction: string
  bytes: number | null
  content_type: string
  seconds: number | null
  picture_id: string | null
  picture: string | null
  file: string
  media_id: string | null
  uploaded_at: string | null
  created_at: string
}

export interface LibraryUse {
  kind: MaterialKind
  used: number
  most: number
  most_bytes: number
  formats: string[]
  /** WeChat itself said how many; otherwise it is our own count. */
  asked: boolean
}

export interface LibrarySync {
  state: 'running' | 'done' | 'failed'
  kind: MaterialKind
  place: number
  total: number
  seen: number
  added: number
  gone: number
  errcode: number | null
  started_at: string
  finished_at: string | null
}

export interface Library {
  used: LibraryUse[]
  sync: LibrarySync | null
}

export interface Crop {
  x1: number
  y1: number
  x2: number
  y2: number
}

export interface Article {
  title: string
  body: string
  cover_id: string | null
  author: string
  digest: string
  source_url: string
  comments: boolean
  fans_only: boolean
  crop_wide: Crop | null
  crop_square: Crop | null
  /** A `newspic` is pictures with plain words, alone in its set. */
  kind: 'news' | 'newspic'
  pictures: string[]
}

export interface Publication {
  id: string
  state: 'asked' | 'sending' | 'waiting' | 'published' | 'failed' | 'unknown' | 'deleted'
  rev: number
  urls: string[]
  deleted: number[]
  failed: number[]
  why: [string, string] | null
  asked_at: string
  ended_at: string | null
}

export interface ArticleLine {
  id: string
  title: string
  count: number
  cover_id: string | null
  draft: 'none' | 'behind' | 'same'
  publication: Publication | null
  updated_at: string
}

export interface ArticleSet {
  id: string
  title: string
  articles: Article[]
  rev: number
  draft: 'none' | 'behind' | 'same'
  draft_at: string | null
  publications: Publication[]
  created_at: string
  updated_at: string
}

/** Articles as they lie at WeChat. */
export type ArchivePlace = 'draft' | 'published'

export interface ArchivePiece {
  title: string
  url: string
  digest: string
  author: string
  thumb_media_id: string
  thumb_url: string
  kind: string
  deleted: boolean
}

export interface ArchiveFound {
  id: string
  place: ArchivePlace
  wechat_id: string
  title: string
  articles: ArchivePiece[]
  article_set_id: string | null
  changed_at: string
}

export interface ArchiveImport {
  state: 'running' | 'done' | 'failed'
  place: ArchivePlace
  reached: number
  total: number
  seen: number
  added: number
  gone: number
  errcode: number | null
  started_at: string
  finished_at: string | null
}

export type BroadcastKind = 'text' | 'image' | 'voice' | 'video' | 'mpnews' | 'music' | 'wxcard'
export interface BroadcastExtra {
  title: string
  description: string
  url: string
  card_id: string
}

export interface Audience {
  by: 'all' | 'tag' | 'filter' | 'people'
  tag_id?: string | null
  fan_ids?: string[]
  tag_ids?: string[]
  followed_from?: string | null
  followed_to?: string | null
  bought?: boolean | null
}

export interface Reach {
  people: number
  exhausted: number
}

export interface BroadcastQuota {
  service: boolean
  per_person_month: number | null
  per_day: number | null
  sends_today: number
  calls_most: number
  left_today: number
}

export interface BroadcastSpeed {
  level: number
  people_per_minute: number
  levels: number[]
}

export interface Broadcast {
  id: string
  message: { kind: BroadcastKind; text: string; materials: string[]; article_set_id: string | null; extra: BroadcastExtra }
  headline: string
  audience: Audience
  ignore_reprint: boolean
  state: 'draft' | 'scheduled' | 'sending' | 'sent' | 'finished' | 'failed' | 'cancelled' | 'deleted'
  send_at: string | null
  people: number | null
  total: number | null
  filtered: number | null
  sent: number | null
  errors: number | null
  why: [string, string] | null
  created_at: string
  began_at: string | null
  finished_at: string | null
  parts: { state: string; people: number; total: number | null; filtered: number | null; sent: number | null; errors: number | null; check_state: number; urls: string[]; why: [string, string] | null }[]
  timeline: { at: string; zh: string; en: string; id: string; kind: string }[]
}

/** An article of a broadcast, and what was done with it up to a day; null while WeChat has not told. */
export interface BroadcastReading {
  place: number
  title: string
  readers: number
  reads: number | null
  sharers: number
  kept: number
  through: string | null
}

/** An article that can have comments; `open` is null while nobody has turned it here. */
export interface Commented {
  number: number
  title: string
  url: string
  open: boolean | null
}

export interface CommentedOut {
  msg_data_id: string
  how: 'published' | 'sent'
  at: string
  articles: Commented[]
}

export interface ReaderComment {
  id: string
  fan_id: string | null
  nickname: string | null
  avatar: string | null
  at: string
  content: string
  elected: boolean
  reply: string | null
  replied_at: string | null
}

export interface CommentBoard {
  total: number
  items: ReaderComment[]
  next: number | null
}
