/** The limits of WeChat's menu, counted as WeChat counts: bytes, a Chinese character is three. */
import type { MenuButton, MenuKind, MenuSpecial } from '@/api/types'
import { newId } from '@/lib/id'
import type { Pair } from '@/lib/words'

export const LIMITS = { top: 3, sub: 5, topBytes: 16, subBytes: 60, url: 1024 }
const encoder = new TextEncoder()
export const bytes = (text: string) => encoder.encode(text).length

export const blank = (name: string): MenuButton => ({ name, type: 'view', url: '', key: null, reply: null, appid: null, page_path: null, media_id: null, article_id: null, sub_buttons: [] })
export const special = (name: string): MenuSpecial => ({ id: newId(), name, tag_id: null, platform: 2, buttons: [blank(name)] })
export const KEYED: MenuKind[] = ['click', 'scancode_push', 'scancode_waitmsg', 'pic_sysphoto', 'pic_photo_or_album', 'pic_weixin', 'location_select']
export const HELD: MenuKind[] = ['media_id', 'view_limited', 'article_id', 'article_view_limited']
export const KINDS: [MenuKind, Pair][] = [
  ['view', ['打开链接', 'Open a link']], ['click', ['回复消息', 'Reply']], ['miniprogram', ['打开小程序', 'Open a mini program']], ['scancode_push', ['扫码', 'Scan a code']],
  ['scancode_waitmsg', ['扫码并等待回复', 'Scan and wait for an answer']], ['pic_sysphoto', ['拍照发图', 'Take a photo']], ['pic_photo_or_album', ['拍照或相册发图', 'Photo or album']],
  ['pic_weixin', ['微信相册发图', 'WeChat album']], ['location_select', ['发送位置', 'Send a place']], ['media_id', ['发送素材', 'Send a material']], ['view_limited', ['打开图文素材', 'Open an article material']],
  ['article_id', ['发送已发布文章', 'Send a published article']], ['article_view_limited', ['打开已发布文章', 'Open a published article']],
]
/** The field of a button that shows something WeChat holds. */
export const heldBy = (kind: MenuKind | null) => (kind?.startsWith('article') ? 'article_id' : 'media_id')
export const freshKey = () => `M${Date.now().toString(36).toUpperCase()}`

export type Fault = 'empty' | 'tooLong' | 'badUrl'
/** What is wrong with one button, or null. */
export function fault(button: MenuButton, sub: boolean): Fault | null {
  if (!button.name.trim()) return 'empty'
  if (bytes(button.name) > (sub ? LIMITS.subBytes : LIMITS.topBytes)) return 'tooLong'
  if (button.sub_buttons.length) return null
  const kind = button.type ?? 'view'
  if (KEYED.includes(kind)) return (button.key ?? '').trim() || button.reply?.trim() ? null : 'empty'
  if (HELD.includes(kind)) return (button[heldBy(kind)] ?? '').trim() ? null : 'empty'
  if (kind === 'miniprogram' && !(button.appid?.trim() && button.page_path?.trim())) return 'empty'
  if (!button.url) return null
  return /^https?:\/\/.+/.test(button.url ?? '') ? null : 'badUrl'
}

export function faulty(buttons: MenuButton[]) {
  return buttons.some((button) => fault(button, false) || button.sub_buttons.some((below) => fault(below, true)))
}
