// Words about promotions, and choosing what to show of them; only the pages that need them load them.
import { translator } from '@shared/t'
import { lang } from './env'

const words = {
  'offers': ['优惠', 'Offers'], 'gift': ['赠品', 'Gift'], 'addon': ['加价购', 'Add on'], 'addon.head': ['加价换购', 'Add on at a special price'], 'add': ['换购', 'Add'], 'added': ['已选', 'Added'],
  'flash': ['限时秒杀', 'Flash sale'], 'flash.ends': ['距结束 {time}', 'Ends in {time}'], 'flash.starts': ['距开始 {time}', 'Starts in {time}'], 'flash.days': ['{n} 天 {time}', '{n} d {time}'], 'flash.left': ['仅剩 {n} 件', 'Only {n} left'], 'flash.per': ['每人限 {n} 件', '{n} per person'], 'flash.soon': ['即将开始', 'Soon'],
  'coupons': ['领券', 'Coupons'], 'take': ['领取', 'Take'], 'taken': ['已领', 'Taken'], 'soon': ['即将开始', 'soon'], 'members': ['会员', 'Members'],
  'none': ['暂无', 'None'], 'near': ['去凑单', 'Add more'], 'guess': ['预计优惠 {m}', '{m} off, as it looks'], 'changed': ['价格有变化', 'The price has changed'], 'changed.ok': ['知道了', 'I see'], 'changed.now': ['现在应付 {m}', 'Now to pay: {m}'],
} as const

export const d = translator(words, () => lang.value)
export const both = (one: { zh: string; en: string }): string => (lang.value === 'zh' ? one.zh : one.en)
