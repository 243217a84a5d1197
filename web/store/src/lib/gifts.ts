// Words and shapes of what a shop gives: only the page where it is taken loads them.
import type { Fen } from '@shared/money'
import { translator } from '@shared/t'
import { lang } from './env'

export interface Gift {
  id: string; face: 'transfer' | 'red_packet'; amount_fen: Fen; remark: string; state: string; problem: string
  promised_at: string; expires_at: string | null; ended_at: string | null
}

const words = {
  'title': ['红包与收款', 'Gifts and payments'], 'none': ['还没有商家付给你的款项', 'The shop has not sent you money'], 'none.text': ['活动奖励、退款补偿和红包会出现在这里', 'Rewards, compensations and red packets show here'],
  'transfer': ['商家转账', 'Payment'], 'red_packet': ['红包', 'Red packet'], 'take': ['收款', 'Take it'], 'open': ['拆红包', 'Open'], 'until': ['{until} 前未领取将退回商家', 'Goes back to the shop if not taken by {until}'],
  'done': ['已到账，存入微信零钱', 'In your WeChat change'], 'soon': ['微信处理中，稍后到账', 'WeChat is at it'], 'fail': ['没有领取成功，请稍后再试', 'That did not work, try again'], 'outside': ['请在微信中打开领取', 'Open this in WeChat'], 'more': ['查看更多', 'Show more'],
  's.waiting': ['待领取', 'Waiting'], 's.taking': ['到账中', 'On its way'], 's.paid': ['已到账', 'Taken'], 's.expired': ['超时已退回', 'Went back'], 's.failed': ['未成功，已退回', 'Failed'], 's.canceled': ['商家已撤回', 'Called off'], 's.canceling': ['商家正在撤回', 'Being called off'],
} as const

export const g = translator(words, () => lang.value)
export type GiftWord = keyof typeof words
