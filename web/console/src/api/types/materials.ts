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
