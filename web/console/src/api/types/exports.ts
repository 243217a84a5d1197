/** A merchant written out whole. */
export interface DataExport {
  id: string
  state: 'asked' | 'writing' | 'ready' | 'failed' | 'gone'
  asked_by: string
  by_provider: boolean
  rows_all: number
  rows_done: number
  files_done: number
  bytes: number
  sha256: string | null
  problem: string
  asked_at: string
  ended_at: string | null
  expires_at: string | null
}
