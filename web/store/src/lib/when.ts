// Times as the shop lives them: always Asia/Shanghai (no summer time), whatever the phone thinks.

const SHANGHAI_MINUTES = 480

/** "2026-11-22T13:30:00Z" -> "2026-11-22 21:30"; the mini program has no Intl. */
export function when(iso: string | null | undefined): string {
  const at = iso ? Date.parse(iso) : NaN
  return Number.isNaN(at) ? '' : new Date(at + SHANGHAI_MINUTES * 60000).toISOString().slice(0, 16).replace('T', ' ')
}

/** Only the day. */
export const day = (iso: string | null | undefined): string => when(iso).slice(0, 10)

/** Milliseconds as "14:05" or "1:02:09"; never below zero. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  return `${hours ? `${hours}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
