/** The limits of WeChat's menu, counted as WeChat counts: bytes, a Chinese character is three. */
import type { MenuButton } from '@/api/types'

export const LIMITS = { top: 3, sub: 5, topBytes: 16, subBytes: 60, url: 1024 }
const encoder = new TextEncoder()
export const bytes = (text: string) => encoder.encode(text).length

export const blank = (name: string): MenuButton => ({ name, type: 'view', url: '', key: null, reply: null, sub_buttons: [] })

export type Fault = 'empty' | 'tooLong' | 'badUrl'
/** What is wrong with one button, or null. */
export function fault(button: MenuButton, sub: boolean): Fault | null {
  if (!button.name.trim()) return 'empty'
  if (bytes(button.name) > (sub ? LIMITS.subBytes : LIMITS.topBytes)) return 'tooLong'
  if (button.sub_buttons.length) return null
  if (button.type === 'click') return (button.reply ?? button.key ?? '').trim() ? null : 'empty'
  return /^https?:\/\/.+/.test(button.url ?? '') ? null : 'badUrl'
}

export function faulty(buttons: MenuButton[]) {
  return buttons.some((button) => fault(button, false) || button.sub_buttons.some((below) => fault(below, true)))
}
