// Times, money and message texts as WeChat writes them. World time is Shanghai's.
import type { Bubble } from './types'
import { lang, t } from './words'

const ZONE = { timeZone: 'Asia/Shanghai' } as const
const day = (seconds: number) => new Date(seconds * 1000).toLocaleDateString('sv-SE', ZONE)

export function hour(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString('zh-CN', { ...ZONE, hour: '2-digit', minute: '2-digit', hour12: false })
}

/** When something was, as short as its age allows; `full` adds the hour to older days. */
export function when(seconds: number, now: number, full = false): string {
  if (!seconds) return ''
  const [then, today, before] = [day(seconds), day(now), day(now - 86400)]
  const tail = full ? ` ${hour(seconds)}` : ''
  if (then === today) return hour(seconds)
  if (then === before) return t('yesterday') + tail
  const date = new Date(seconds * 1000)
  const words = lang.value === 'zh' ? 'zh-CN' : 'en-GB'
  const year = then.slice(0, 4) === today.slice(0, 4) ? {} : { year: 'numeric' as const }
  return date.toLocaleDateString(words, { ...ZONE, ...year, month: full ? 'long' : 'numeric', day: 'numeric' }) + tail
}

/** Fen as yuan, with two digits: 123456 is 1,234.56. */
export function yuan(fen: number): string {
  const [whole = '0', cents = '00'] = (Math.abs(fen) / 100).toFixed(2).split('.')
  return `${fen < 0 ? '-' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`
}

/** What the list of chats shows of a message. */
export function digest(bubble: Bubble | undefined): string {
  if (!bubble) return ''
  const { kind, content } = bubble
  if (kind === 'text' || kind === 'notice') return plain(content.text ?? '')
  if (kind === 'news') return content.articles?.[0]?.title || t('link')
  if (kind === 'receipt' || kind === 'refund') return `${content.title} ${content.amount}`
  if (kind === 'msgmenu') return content.head_content || content.list?.[0]?.content || ''
  if (kind === 'template') return content.title ?? ''
  const label = { image: 'image', voice: 'voice', video: 'video', music: 'music', location: 'place', link: 'link', wxcard: 'card',
    mpnews: 'link', mpnewsarticle: 'link', miniprogrampage: 'mini' } as const
  return kind in label ? `${t(label[kind as keyof typeof label])}${content.title ?? ''}` : t('unknown')
}

export interface Piece { text: string; url?: string }
const LINK = /<a\s[^>]*?href\s*=\s*(["'])(.*?)\1[^>]*>(.*?)<\/a>|(https?:\/\/[^\s<>"'，。；！？、）】]+)/gis

/** Split a text into words and links: WeChat knows <a href> and bare addresses, and shows anything else as it is. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = []
  let from = 0
  for (const match of text.matchAll(LINK)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index) })
    const url = match[2] ?? match[4] ?? ''
    found.push(/^https?:/i.test(url) ? { text: match[3] ?? url, url } : { text: match[3] ?? match[0] })
    from = match.index + match[0].length
  }
  if (from < text.length) found.push({ text: text.slice(from) })
  return found
}

/** What a link may lead to; anything but a web page leads nowhere. */
export const web = (url: unknown) => typeof url === 'string' && /^https?:\/\//i.test(url) ? url : undefined

export const plain = (text: string) => pieces(text).map((piece) => piece.text).join('')
