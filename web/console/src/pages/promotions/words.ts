import { words, type Pair } from '@/lib/words'
export const KINDS: Record<string, Pair> = {
  full: ['满减', 'Full reduction'], percent: ['打折', 'Percent off'], n_for: ['N 件 M 元', 'N for a price'], nth: ['第 N 件优惠', 'Nth piece for less'],
  gift: ['满赠', 'Gift with purchase'], addon: ['加价购', 'Add-on purchase'], free_freight: ['包邮', 'Free freight'], flash: ['限时秒杀', 'Flash sale'], group: ['客群价', 'Group price'],
}
export const ABOUT: Record<string, Pair> = {
  full: ['满 200 减 30，可分档，也可每满减', '30 off over 200, in steps or for each'], percent: ['满 2 件 9 折，可分档', '10% off from 2 pieces, in steps'],
  n_for: ['任选 3 件 99 元', 'Any 3 for 99'], nth: ['第二件半价', 'Second piece at half price'], gift: ['满额送赠品', 'A gift from an amount on'],
  addon: ['满额后加一点钱换购', 'Something more at a special price'], free_freight: ['满额或满件免运费', 'No freight from an amount on'], flash: ['限时限量的特价', 'A price for a time and a share of the stock'], group: ['给某些标签的顾客一个专享价', 'A price of its own for customers with a tag'],
}
export const NOW: Record<string, Pair> = {
  draft: ['草稿', 'Draft'], running: ['进行中', 'Running'], soon: ['未开始', 'Not yet'], resting: ['不在时段', 'Outside its hours'], over: ['已过期', 'Past'], paused: ['已暂停', 'Paused'], ended: ['已结束', 'Ended'],
}
export const DAYS: Pair[] = [['周一', 'Mon'], ['周二', 'Tue'], ['周三', 'Wed'], ['周四', 'Thu'], ['周五', 'Fri'], ['周六', 'Sat'], ['周日', 'Sun']]
export const t = words({
  title: ['促销活动', 'Promotions'], hint: ['满减、折扣、秒杀、满赠、加价购；每一分优惠都能说清来由', 'Reductions, flash prices, gifts and add-ons; every fen is explained'], add: ['新建活动', 'New promotion'], calc: ['价格计算器', 'Price calculator'],
  name: ['活动', 'Promotion'], rule: ['规则', 'Rule'], when: ['时间', 'When'], used: ['已用', 'Used'], state: ['状态', 'State'], always: ['长期有效', 'Always'], times: ['{n} 单，减 {m}', '{n} {n?order|orders}, {m} off'],
  none: ['还没有促销活动', 'No promotions yet'], noneText: ['选一种活动开始：先存为草稿，用计算器试算，再开始。', 'Pick a kind to begin: keep it as a draft, try it, then start.'],
  all: ['全部', 'All'], tabDraft: ['草稿', 'Drafts'], tabOn: ['已开始', 'Started'], tabPaused: ['已暂停', 'Paused'], tabEnded: ['已结束', 'Ended'],
  back: ['全部活动', 'All promotions'], newOne: ['新建{k}', 'New: {k}'], save: ['保存草稿', 'Save draft'], saveOn: ['保存修改', 'Save changes'], saved: ['活动已保存', 'Promotion saved'],
  start: ['开始', 'Start'], pause: ['暂停', 'Pause'], resume: ['继续', 'Resume'], end: ['结束', 'End'], started: ['活动已开始，顾客下一次结算即可享受', 'Started: the next checkout has it'], paused: ['活动已暂停', 'Paused'], endedNow: ['活动已结束', 'Ended'],
  endAsk: ['结束这个活动？', 'End this promotion?'], endText: ['结束后不能再开始，已下单的优惠不受影响。', 'It cannot be started again. Orders that have it keep it.'], keep: ['再想想', 'Not yet'],
  basics: ['活动内容', 'What it gives'], label: ['活动名称', 'Name'], labelHint: ['店员和对账时看到的名字', 'What staff sees'], preview: ['顾客看到', 'Customers read'],
  step: ['第 {n} 档', 'Step {n}'], over: ['满', 'From'], yuan: ['按金额', 'Amount'], pcs: ['按件数', 'Pieces'], by: ['门槛', 'Threshold by'], minus: ['减', 'Off'], pay: ['打几折', 'Tenths to pay (9 = 10% off)'], addStep: ['加一档', 'Add a step'], drop: ['删除', 'Remove'], each: ['每满都减（上不封顶）', 'Again for each time it is full'], most: ['最多几次', 'At most, times'], unlimited: ['不限', 'No limit'], noMin: ['0 表示不设门槛', '0: no threshold'],
  pieces: ['几件', 'Pieces'], price: ['合计价', 'Together for'], nth: ['第几件', 'Which piece'], nthPay: ['这一件打几折（5 为半价，0 为免费）', 'Tenths it costs (5: half price, 0: free)'], gifts: ['赠品', 'Gifts'], addGoods: ['选择商品', 'Choose goods'], count: ['数量', 'Count'], special: ['特价', 'Price'], share: ['限量', 'Share of stock'], perOne: ['每人限购', 'Per person'], tag: ['标价 {m}', 'Tag {m}'], mostAdd: ['每单最多换购几件', 'At most per order'], noGoods: ['还没有选择商品', 'Nothing chosen yet'],
  scope: ['适用商品', 'Which goods'], scopeText: ['门槛与优惠都只看这些商品。', 'Thresholds and reductions look at these only.'], everything: ['全部商品', 'All goods'], products: ['指定商品', 'Some goods'], categories: ['指定分类', 'Categories'], tags: ['指定标签', 'Tags'], pick: ['请选择', 'Choose'],
  schedule: ['时间', 'When'], range: ['起止时间', 'From and until'], from: ['开始', 'From'], until: ['结束', 'Until'], weekly: ['只在每周这些时段', 'Only in these hours of the week'], addHours: ['加一个时段', 'Add hours'],
  limits: ['限制', 'Limits'], who: ['谁能享受', 'For whom'], members: ['仅会员', 'Members only'], audience: ['指定人群（顾客标签）', 'Customers with a tag'], audienceAll: ['不限人群', 'Everybody'], noTags: ['还没有标签，先到粉丝页给顾客打标签', 'No tags yet: give customers tags on the fans page'], perPerson: ['每人最多几次', 'Times per person'], budget: ['总共多少单', 'Orders in all'],
  stack: ['叠加', 'Stacking'], stackText: ['同一件商品上，可以和谁一起享受。有冲突时，系统替顾客选最省的。', 'What may lower the price of the same goods. Of what excludes each other, the cheapest for the customer counts.'], withCoupons: ['优惠券', 'Coupons'], withPromotions: ['其他促销', 'Other promotions'], withMember: ['会员价', 'Member prices'], withFlash: ['秒杀价', 'Flash prices'], group: ['互斥组', 'Exclusive group'], groupHint: ['同组的活动，一件商品只享一个', 'Of one group, a piece has only one'],
  trial: ['试算', 'Try it'], trialText: ['选几件商品，看看这个活动会改变什么。', 'Pick goods and see what this promotion would change.'], goods: ['商品', 'Goods'], person: ['按会员与指定人群计价', 'As a member, and of the groups meant'], local: ['商家配送', 'By the shop'], moment: ['计价时刻', 'At'], now: ['现在', 'Now'], forAt: ['活动届时才开始，按 {t} 计价', 'It begins later: reckoned for {t}'], coupon: ['用券', 'Coupon'], noCoupon: ['不用券', 'No coupon'], delivery: ['配送', 'Delivery'], express: ['快递', 'Express'], pickup: ['自提', 'Pick-up'], nowPays: ['现在', 'Now'], thenPays: ['加上这个活动', 'With this promotion'], same: ['没有变化', 'No change'], less: ['少付 {m}', '{m} less'], moreFen: ['多付 {m}', '{m} more'], total: ['应付', 'To pay'], gift: ['赠品', 'Gift'], why: ['为什么', 'Why'], rules: ['规则与分摊', 'Rule and shares'], near: ['差一点', 'Almost'], start0: ['先选择商品', 'Choose goods first'], calcHint: ['选商品和人，看每一步怎么算出来', 'Pick goods and a person, and see each step'], line: ['第 {n} 行', 'Line {n}'],
  policy: ['会员价给谁', 'Who pays member prices'], nobody: ['暂不启用', 'Nobody'], followers: ['关注公众号的粉丝', 'Followers'], tagged: ['有某个标签的粉丝', 'Whoever has a tag'], policySaved: ['会员价设置已保存', 'Saved'],
})
