import { words, type Pair } from '@/lib/words'
export const t = words({
  title: ['粉丝', 'Fans'], hint: ['关注公众号或在店铺登录过的人', 'People who follow the account or logged in to the store'], search: ['昵称或 OpenID', 'Nickname or OpenID'], all: ['全部', 'All'], yes: ['关注中', 'Following'], no: ['已取消关注', 'Unfollowed'], states: ['关注状态', 'Following'],
  fan: ['粉丝', 'Fan'], state: ['状态', 'State'], since: ['关注时间', 'Since'], seen: ['最近活跃', 'Last seen'], orders: ['订单', 'Orders'], spent: ['累计消费', 'Spent'], anonymous: ['微信用户', 'WeChat user'],
  none: ['还没有粉丝', 'No fans yet'], noneText: ['生成一个渠道二维码，贴在收银台，第一位关注者马上会出现。', 'Print a QR code for the counter; the first follower shows up at once.'], makeCode: ['生成二维码', 'Make a QR code'],
  back: ['粉丝列表', 'Fans'], profile: ['资料', 'Profile'], phone: ['手机', 'Phone'], source: ['来源', 'Source'], consent: ['隐私同意', 'Consent'], accepted: ['同意版本 {v}', 'Accepted {v}'], refused: ['未同意版本 {v}', 'Refused {v}'], noConsent: ['尚未询问', 'Not asked yet'], timeline: ['时间线', 'Timeline'], noTimeline: ['还没有动态', 'Nothing yet'], theirOrders: ['订单', 'Orders'], noOrders: ['还没有下过单', 'No orders yet'],
})
/** How a person was first heard of. */
export const SOURCE: Record<string, Pair> = { follow: ['关注公众号', 'Followed the account'], scan: ['扫码关注', 'Scanned a code'], store: ['进店登录', 'Came to the store'], message: ['发来消息', 'Wrote a message'] }
