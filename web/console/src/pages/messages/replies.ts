/** Words and blanks of automatic replies. */
import type { ReplyChoice, ReplyMessage, ReplyRule, ReplyWindow, Trigger } from '@/api/types'
import { newId } from '@/lib/id'
import { say, words, type Pair } from '@/lib/words'

export const t = words({
  title: ['自动回复', 'Automatic replies'], hint: ['从上到下依次匹配，第一条符合的规则负责回复', 'Tried from the top; the first rule that fits answers'], add: ['新建规则', 'New rule'], takeOver: ['导入公众号原有回复', 'Take the account’s own over'], takeOverAsk: ['导入公众号后台里的自动回复？', 'Take over the replies written at WeChat?'], takeOverText: ['接入后，公众号后台里的自动回复不再生效。导入会按原来的关键词和内容建立规则，排在现有规则之后；重复导入不会重复建立。', 'Since the account is connected, replies written at WeChat’s own site are silent. Rules are made of them, after those that are here; doing it again makes none twice.'], takenOver: ['导入 {n} 条，已有 {k} 条', '{n} made, {k} were here'], takenLeft: ['有 {n} 项没有导入', '{n} could not be taken over'], gotIt: ['知道了', 'Got it'], edit: ['编辑规则', 'Edit rule'], fresh: ['新规则', 'New rule'],
  none: ['还没有自动回复', 'No automatic replies yet'], noneText: ['先加一条关键词回复，比如“营业时间”；再加一条默认回复，没听懂时也不冷场。', 'Start with a keyword such as “opening hours”, then a default for everything else.'],
  name: ['规则名称', 'Name'], nameHint: ['只给自己看', 'Only you see it'], when: ['什么时候回复', 'When'], words: ['关键词', 'Keywords'], addWord: ['加一个关键词', 'Add a keyword'], how: ['匹配方式', 'How it matches'], exact: ['等于', 'Is'], contains: ['包含', 'Contains'], pattern: ['表达式', 'Pattern'],
  keys: ['只对这些按钮 / 场景值', 'Only for these keys / scenes'], keysHint: ['填写菜单按钮的 key 或二维码的场景值，回车添加；留空则全部', 'Keys of menu buttons or scenes of QR codes; empty means all'],
  windows: ['生效时间', 'Hours'], always: ['一直生效', 'Always'], addWindow: ['加一个时段', 'Add hours'], from: ['从', 'From'], to: ['到', 'To'], days: ['星期', 'Weekdays'], dates: ['日期', 'Dates'], nights: ['结束早于开始表示跨过午夜；时间是北京时间。', 'An end before the start runs over midnight. Times are Shanghai’s.'],
  messages: ['回复内容', 'Messages'], messagesHint: ['最多 5 条，按顺序发送。第一条来得及就直接回复，其余作为客服消息。', 'Up to 5, in order. The first is the answer itself when ready in time; the rest follow as customer-service messages.'], addMessage: ['加一条消息', 'Add a message'], up: ['上移', 'Up'], down: ['下移', 'Down'], remove: ['删除', 'Remove'],
  text: ['文字', 'Text'], image: ['图片', 'Picture'], voice: ['语音', 'Voice'], video: ['视频', 'Video'], music: ['音乐', 'Music'], news: ['图文链接', 'Card with a link'], product: ['商品', 'Product'], coupon: ['优惠券', 'Coupon'], mini_program: ['小程序卡片', 'Mini program'], transfer: ['转接人工客服', 'Hand over to a person'], article: ['公众号文章', 'Article'], mpnews: ['图文素材', 'Old article material'], wxcard: ['微信卡券', 'WeChat card'], choices: ['选项菜单', 'Choices'],
  insert: ['插入', 'Insert'], nickname: ['昵称', 'Nickname'], shop: ['店名', 'Shop'], store: ['进店链接', 'Store link'], couponLink: ['领券链接', 'Coupon link'], date: ['日期', 'Date'], time: ['时间', 'Time'], said: ['对方说的话', 'What they said'],
  heading: ['标题', 'Title'], summary: ['简介', 'Summary'], address: ['链接地址', 'Address'], addressHint: ['留空则进入店铺', 'Empty opens the store'], picture: ['图片', 'Picture'], pick: ['从素材库选择', 'Choose from materials'], chosen: ['已选择素材', 'Chosen'], appid: ['小程序 AppID', 'AppID'], cardId: ['卡券 ID（card_id）', 'Card id (card_id)'], mediaId: ['素材 ID（media_id）', 'Material id (media_id)'], head: ['问题', 'Question'], tail: ['结尾一句（可不填）', 'Last line (optional)'], choice: ['选项 {n}', 'Answer {n}'], then: ['选了它就回复（留空则按关键词匹配）', 'Answers it (empty: matched as words)'], addChoice: ['加一个选项', 'Add an answer'], dropChoice: ['删除选项 {n}', 'Remove answer {n}'], late: ['作为客服消息发送，不能当场回复。', 'Goes by customer service, not as the answer itself.'], page: ['页面路径', 'Page path'], kf: ['指定客服账号（可不填）', 'Account (optional)'], musicUrl: ['音乐地址', 'Music address'], amr: ['语音是 AMR 格式，浏览器放不了，可以下载后试听。', 'Voices are AMR, which browsers cannot play; download to listen.'],
  save: ['保存', 'Save'], back: ['取消', 'Cancel'], saved: ['规则已保存', 'Rule saved'], removed: ['规则已删除', 'Rule removed'], ordered: ['顺序已更新', 'Order changed'], sure: ['删除“{n}”？', 'Remove “{n}”?'], sureText: ['删除后粉丝不会再收到这条回复。', 'Fans will no longer get this reply.'], on: ['启用“{n}”', 'Switch “{n}” on'], off: ['未启用', 'Off'], moved: ['移动“{n}”，用上下方向键', 'Move “{n}” with the arrow keys'],
  tryTitle: ['试一试', 'Try it out'], tryHint: ['不会真的发送，也不会发券。', 'Nothing is sent, and no coupon is given.'], tryKind: ['粉丝做了什么', 'What the fan does'], trySay: ['发一句话', 'Writes'], tryOther: ['发图片、语音等', 'Sends a picture …'], tryText: ['比如：你们几点开门？', 'For example: when do you open?'], tryKey: ['按钮 key 或场景值', 'Key or scene'], tryAt: ['时间（留空为现在）', 'Time (empty: now)'], tryGo: ['试试看', 'Try'], answers: ['“{n}”负责回复', '“{n}” answers'], welcome: ['由关注欢迎语回复', 'The welcome answers'], menu: ['由菜单按钮自己的回复', 'The menu button’s own reply'], silent: ['不会回复', 'Nothing is said'], at_once: ['直接回复', 'At once'], custom: ['客服消息', 'Customer service'], gift: ['并附送欢迎语里的优惠券；带券的回复作为客服消息发送。', 'With the welcome’s coupon; with a coupon it goes by customer service.'], why: ['匹配过程', 'How it was decided'],
  synonyms: ['同义词', 'Synonyms'], synonymsHint: ['一行一组，用空格隔开，例如：优惠券 红包 券。等于和包含两种匹配都会把同组的词当成一样。', 'A group per line, words apart by blanks. Exact and contains treat a group as one word.'], welcomeLast: ['以上都不符合时，发送关注欢迎语', 'If none fits, the welcome is sent'], welcomeOff: ['关注欢迎语未启用', 'The welcome is off'], toWelcome: ['编辑欢迎语', 'Edit the welcome'],
})
export const TRIGGERS: [Trigger, Pair][] = [
  ['follow', ['关注时', 'On follow']], ['keyword', ['关键词', 'Keyword']], ['tap', ['点击菜单', 'Menu tap']], ['scan', ['已关注的人扫码', 'Scan by a follower']], ['default', ['其他消息（默认）', 'Anything else (default)']],
]
export const named = (trigger: Trigger) => say(TRIGGERS.find(([one]) => one === trigger)![1])
export const KINDS: ReplyMessage['kind'][] = ['text', 'image', 'news', 'product', 'coupon', 'mini_program', 'voice', 'video', 'music', 'article', 'choices', 'wxcard', 'transfer']
export const DAYS: Pair[] = [['一', 'Mon'], ['二', 'Tue'], ['三', 'Wed'], ['四', 'Thu'], ['五', 'Fri'], ['六', 'Sat'], ['日', 'Sun']]

export const window_ = (): ReplyWindow => ({ from_time: '09:00', to_time: '18:00', weekdays: [], from_date: null, to_date: null })
export function message(kind: ReplyMessage['kind']): ReplyMessage {
  switch (kind) {
    case 'text': return { kind, text: '' }
    case 'image': return { kind, picture_id: '' }
    case 'voice': return { kind, material_id: '' }
    case 'video': return { kind, material_id: '', title: '', description: '' }
    case 'music': return { kind, title: '', url: '', picture_id: '', description: '' }
    case 'news': return { kind, title: '', description: '', url: '', picture_id: null }
    case 'product': return { kind, product_id: '' }
    case 'coupon': return { kind, coupon_id: '' }
    case 'mini_program': return { kind, title: '', appid: '', page_path: '', picture_id: '' }
    case 'article': return { kind, article_id: '', title: '' }
    case 'mpnews': return { kind, media_id: '', title: '' }
    case 'wxcard': return { kind, card_id: '', title: '' }
    case 'choices': return { kind, head: '', choices: [choice(), choice()], tail: '' }
    case 'transfer': return { kind, kf_account: '' }
  }
}
// WeChat gives the number back when somebody taps; it must be nobody else's.
export const choice = (): ReplyChoice => ({ id: newId().slice(-12), text: '', then: '' })
export const LATE: ReplyMessage['kind'][] = ['mini_program', 'article', 'mpnews', 'wxcard', 'choices']
export const rule = (): ReplyRule => ({ id: newId(), name: '', trigger: 'keyword', enabled: true, position: 0, words: [{ how: 'contains', text: '' }], keys: [], windows: [], messages: [message('text')] })

/** Whether a message says all that it must. */
export function whole(one: ReplyMessage) {
  if (one.kind === 'choices') return Boolean(one.head.trim() && one.choices.length && one.choices.every((line) => line.text.trim()))
  const optional = ['description', 'kf_account', 'name', ...(one.kind === 'news' ? ['url', 'picture_id'] : []), ...(['article', 'mpnews', 'wxcard'].includes(one.kind) ? ['title'] : [])]
  return Object.entries(one).every(([name, value]) => optional.includes(name) || String(value ?? '').trim())
}
export function summary(one: ReplyMessage) {
  if (one.kind === 'text') return one.text
  return `[${t(one.kind)}] ${'title' in one ? one.title : 'head' in one ? one.head : ''}`
}
