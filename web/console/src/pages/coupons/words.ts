import { words } from '@/lib/words'
export const t = words({
  title: ['优惠券', 'Coupons'], hint: ['可放在首页、欢迎语和渠道二维码里发放', 'Hand them out on the home page, in the welcome reply or with a QR code'], add: ['新建优惠券', 'New coupon'], edit: ['编辑优惠券', 'Edit coupon'], coupon: ['优惠券', 'Coupon'], rule: ['优惠', 'Rule'], valid: ['有效期', 'Valid'], claimed: ['已领', 'Claimed'], used: ['已用', 'Used'], state: ['状态', 'State'],
  on: ['发放中', 'Active'], off: ['已停发', 'Stopped'], over: ['满 {a} 减 {b}', '{b} off over {a}'], any: ['立减 {b}', '{b} off'], days: ['领取后 {n} 天', '{n} {n?day|days} from claim'],
  none: ['还没有优惠券', 'No coupons yet'], noneText: ['新人券最有效：放进关注欢迎语，粉丝一关注就能收到。', 'A welcome coupon works best: put it in the welcome reply.'],
  name: ['名称', 'Name'], nameHint: ['顾客会看到，例如“新人见面礼”', 'Customers see it, e.g. “Welcome gift”'], minus: ['减多少', 'Amount off'], min: ['满多少可用', 'Minimum spend'], total: ['发放总量', 'How many'], per: ['每人限领', 'Per person'], validDays: ['领取后几天有效', 'Valid for days'],
  kind: ['类型', 'Kind'], kindMinus: ['满减', 'Amount off'], kindPercent: ['折扣', 'Percent off'], percent: ['付几折', 'To pay (tenths)'], cap: ['最多减', 'At most'], claimFrom: ['开始领取', 'Claim from'], claimUntil: ['截止领取', 'Claim until'], anyTime: ['不限', 'Any time'], scope: ['适用商品', 'Which goods'], stack: ['可同享', 'Together with'], withPromotions: ['促销活动', 'Promotions'], withMember: ['会员价', 'Member prices'], withFlash: ['秒杀价', 'Flash prices'], foldRule: ['{f} 折，最多减 {m}', '{p}% off, {m} at most'],
  save: ['保存', 'Save'], back: ['取消', 'Cancel'], saved: ['优惠券已保存', 'Coupon saved'], wrong: ['门槛需高于优惠金额', 'The minimum must exceed the amount off'],
})
