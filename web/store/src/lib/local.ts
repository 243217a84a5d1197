// Words about merchant delivery; only the product's page, checkout and the order's page load them.
import { translator } from '@shared/t'
import { lang } from './env'

const words = {
  'way': ['商家配送', 'By the shop'], 'when': ['送达时间', 'When'], 'when.pick': ['请选择送达时间', 'Choose when to deliver'],
  'out': ['商家配送', 'Delivered by the shop'], 'out.on': ['正在配送', 'On the way'], 'out.done': ['已送达', 'Delivered'], 'call': ['联系配送员', 'Call the courier'],
} as const

export const o = translator(words, () => lang.value)
