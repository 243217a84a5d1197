/** Times are UTC on the wire and Asia/Shanghai on the screen: the business day of every merchant. */
import { lang, say } from './words'

const ZONE = 'Asia/Shanghai'
const formats = new Map<string, Intl.DateTimeFormat>()

function format(kind: string, options: Intl.DateTimeFormatOptions) {
  const key = kind + lang.value
  let known = formats.get(key)
  if (!known) {
    known = new Intl.DateTimeFormat(lang.value === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: ZONE, hourCycle: 'h23', ...options })
    formats.set(key, known)
  }
  return known
}

const two = '2-digit' as const

export function moment(iso: string | null | undefined) {
  if (!iso) return '—'
  const at = new Date(iso)
  const thisYear = yearOf(at) === yearOf(new Date())
  const day = thisYear ? { month: two, day: two } : { year: 'numeric' as const, month: two, day: two }
  return format('m' + thisYear, { ...day, hour: two, minute: two }).format(at).replace(',', '')
}

export function fullMoment(iso: string | null | undefined) {
  if (!iso) return '—'
  return format('f', { year: 'numeric', month: two, day: two, hour: two, minute: two, second: two }).format(new Date(iso)).replace(',', '')
}

function yearOf(at: Date) {
  return new Intl.DateTimeFormat('en', { timeZone: ZONE, year: 'numeric' }).format(at)
}

/** The business day of a moment as YYYY-MM-DD. */
export function dayOf(at: Date = new Date()) {
  return new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, year: 'numeric', month: two, day: two }).format(at)
}

/** A plain date (YYYY-MM-DD) in words, without any zone arithmetic. */
export function day(date: string) {
  const [year, month, number] = date.split('-').map(Number)
  return lang.value === 'zh' ? `${month}月${number}日` : `${number} ${MONTHS[(month ?? 1) - 1]} ${year === Number(yearOf(new Date())) ? '' : year}`.trim()
}
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A month (YYYY-MM) in words. */
export function monthName(month: string) {
  const [year, number] = month.split('-').map(Number)
  return lang.value === 'zh' ? `${year}年${number}月` : `${MONTHS[(number ?? 1) - 1]} ${year}`
}

export function ago(iso: string | null | undefined, now = Date.now()) {
  if (!iso) return '—'
  const seconds = Math.round((now - Date.parse(iso)) / 1000)
  if (Math.abs(seconds) < 45) return say(['刚刚', 'just now'])
  const minutes = Math.round(seconds / 60)
  if (minutes > 0 && minutes < 60) return say(['{n} 分钟前', '{n} min ago'], { n: minutes })
  const hours = Math.round(minutes / 60)
  if (hours > 0 && hours < 24) return say(['{n} 小时前', '{n} h ago'], { n: hours })
  return moment(iso)
}

/** The moment a business day begins (or the one `later` days after it), for filters. */
export function dayStart(date: string, later = 0) {
  return new Date(Date.parse(`${date}T00:00:00+08:00`) + later * 86_400_000).toISOString()
}

/** Midnight is the end of the day before, to everybody: the last minute that something is good for. */
export const lastMinute = (iso: string): string => new Date(Date.parse(iso) - 60_000).toISOString()
