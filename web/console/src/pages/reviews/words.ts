import { words } from '@/lib/words'
import type { Tone } from '@/ui/Tag.vue'
export const t = words({
  title: ['评价', 'Reviews'], hint: ['买家完成订单后的评价；审核通过后显示在商品页。', 'What buyers say once they have their goods; shown on the product’s page when you let it be.'], moderated: ['先审核再显示', 'Wait for approval'], saved: ['已保存', 'Saved'],
  all: ['全部', 'All'], pending: ['待审核', 'Waiting'], shown: ['已显示', 'Shown'], hidden: ['已隐藏', 'Hidden'], state: ['状态', 'State'], goods: ['商品', 'Goods'], said: ['评价内容', 'Review'], anyStars: ['全部星级', 'Any stars'], atMost: ['{n} 星及以下', '{n} {n?star|stars} or fewer'], nStars: ['{n} 星', '{n} {n?star|stars}'],
  noWords: ['没有填写文字', 'No words'], more: ['追评：', 'Later: '], picture: ['查看大图', 'See the picture'], yours: ['商家回复：', 'Your answer: '], hiddenBecause: ['隐藏原因：', 'Hidden because: '], order: ['订单', 'Order'],
  show: ['通过', 'Show'], hide: ['隐藏', 'Hide'], hideAsk: ['隐藏这条评价？', 'Hide this review?'], hideText: ['买家自己仍能看到评价和隐藏原因。', 'Its writer still sees it, and why.'], because: ['隐藏原因，如 含有他人隐私', 'Why, e.g. names somebody else'], nowShown: ['评价已显示', 'Shown'], nowHidden: ['评价已隐藏', 'Hidden'],
  reply: ['回复', 'Answer'], replyAgain: ['修改回复', 'Change the answer'], replyLabel: ['回复会公开显示，500 字以内', 'Shown to all, up to 500 characters'], replySend: ['发布回复', 'Publish'], replied: ['已回复', 'Answered'], none: ['还没有评价', 'No reviews yet'], noneText: ['买家收货后就可以评价，内容会先到这里。', 'Buyers can write once they have their goods; it comes here first.'],
})
export const STATES: Record<string, Tone> = { pending: 'warn', shown: 'good', hidden: 'off' }
