// Where parcels are, in words.
import { translator } from '@shared/t'
import { lang } from './env'

export const k = translator({
  title: ['物流详情', 'Tracking'], refresh: ['刷新', 'Refresh'], none: ['暂无物流信息，请稍后再来看看', 'Nothing known yet; look again later'],
  waiting: ['等待揽收', 'Waiting'], collected: ['已揽收', 'Collected'], moving: ['运输中', 'On its way'], out: ['派送中', 'Out for delivery'], signed: ['已签收', 'Signed for'], trouble: ['疑难件', 'In trouble'], returned: ['已退签', 'Returned'], returning: ['退回中', 'Coming back'], forwarded: ['已转投', 'Forwarded'], customs: ['清关中', 'At customs'], rejected: ['已拒签', 'Rejected'],
}, () => lang.value)

const STAGES = ['collected', 'moving', 'out', 'signed', 'trouble', 'returned', 'returning', 'forwarded', 'customs', 'rejected'] as const
export const stage = (name: string): string => k(STAGES.find((one) => one === name) ?? 'waiting')
