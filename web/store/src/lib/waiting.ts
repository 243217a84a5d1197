// Standing in line for an order: kept in the browser, so that a page loaded again stands where it stood.
import type { OrderAsk, Turn } from '@shared/api'
import { keep, kept, lang } from './env'
import { Refused } from './http'
import { become } from './nav'
import { translator } from '@shared/t'

/** The order that waits: its own id, what is asked, where it stands, and how many stood before it at first. */
export interface Waiting { id: string; ask: OrderAsk; turn: Turn; first: number; asked: number }

const words = {
  'title': ['正在排队下单', 'Waiting in line'], 'head': ['人太多了，正在为你排队', 'Many are ordering, you are in line'],
  'ahead': ['前面还有 {n} 人', '{n} ahead of you'], 'next': ['马上轮到你', 'You are next'],
  'about': ['预计约 {time}', 'about {time}'], 'seconds': ['{n} 秒', '{n} s'], 'minutes': ['{n} 分钟', '{n} min'],
  'kept': ['先到先得，你的位置已保留。请不要关闭页面，刷新也不会重新排队。', 'First come, first served. Your place is kept: stay on this page; loading it again does not put you back.'],
  'asking': ['正在下单…', 'Placing the order…'], 'offline': ['网络不太顺畅，正在重试，你的位置还在。', 'The network is unsteady; trying again, your place is kept.'],
  'progress': ['排队进度', 'Progress in line'], 'leave': ['不等了', 'Stop waiting'], 'leave.sure': ['离开后位置不再保留，确定不等了吗？', 'Your place is lost when you leave. Stop waiting?'],
  'over': ['这次没有买到', 'It did not work out'], 'again': ['返回确认订单', 'Back to the order'],
} as const
export const w = translator(words, () => lang.value)

/** What a refusal says of the place in line, if that is what it is about. */
export function turnOf(fault: unknown): Turn | null {
  return fault instanceof Refused && fault.code === 'order.queue' ? (fault.problem as unknown as { queue: Turn }).queue : null
}

/** Stand in line with an order, on a page of its own. */
export function wait(id: string, ask: OrderAsk, turn: Turn): void {
  stand({ id, ask, turn, first: turn.ahead + 1, asked: Date.now() })
  become('waiting', { id })
}

export const standing = (): Waiting | null => kept<Waiting>('waiting')
export const stand = (one: Waiting | null): void => keep('waiting', one)
