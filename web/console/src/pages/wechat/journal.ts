/** The words of the journal, of health and of quotas. */
import { words, type Pair } from '@/lib/words'
import type { Tone } from '@/ui/Tag.vue'

export const t = words({
  title: ['接口日志', 'WeChat journal'], hint: ['微信推送与接口调用都在这里，默认保留 30 天；密钥与个人信息已脱敏。', 'Every push and every call, kept for 30 days unless set otherwise; secrets and personal data are masked.'],
  all: ['全部', 'All'], in: ['微信推送', 'From WeChat'], out: ['接口调用', 'To WeChat'], trouble: ['异常', 'Trouble'], slow: ['慢调用（1 秒以上）', 'Slow (1 s or more)'], views: ['方向', 'Direction'], find: ['OpenID、错误码、请求编号或接口路径', 'OpenID, errcode, request id or path'], from: ['开始日期', 'From'], to: ['结束日期', 'To'],
  what: ['内容', 'What'], who: ['用户', 'Person'], state: ['结果', 'Result'], latency: ['耗时', 'Latency'], at: ['时间', 'Time'], none: ['还没有记录', 'Nothing yet'], providerHint: ['平台自身的推送与调用，以及无主的推送，默认保留 30 天；密钥与个人信息已脱敏。无主的推送可在商户授权后重放。', 'The platforms’ own pushes and calls, and pushes that are nobody’s, kept for 30 days unless set otherwise; secrets and personal data are masked. What was nobody’s can be replayed once a merchant has the account.'], providerNone: ['接入第三方平台后，票据、授权事件与平台接口的调用会记录在这里。', 'Once a third-party platform is set up, its tickets, events and calls are kept here.'], noReplay: ['不能重放：{why}', 'No replay: {why}'],
  noneText: ['授权公众号后，微信的推送和对微信的调用会记录在这里。', 'Once an account is authorized, pushes and calls are kept here.'],
  request: ['请求', 'Request'], answer: ['返回', 'Answer'], push: ['推送内容', 'Push'], nothing: ['（空）', '(empty)'], close: ['关闭', 'Close'], replay: ['重放', 'Replay'], again: ['重新调用', 'Ask again'], effects: ['已处理这条推送', 'The push took effect'], doneBefore: ['这条推送早已处理，没有重复生效', 'It was done before; nothing happened twice'], askedAgain: ['已重新调用，返回见下', 'Asked again; the answer is below'],
  look: ['向微信查询此请求', 'Look the request up'], looked: ['微信侧的记录', 'WeChat’s own record'], rid: ['请求编号', 'Request id'], times: ['次数', 'Times'], account: ['公众号', 'Account'], ms: ['{n} 毫秒', '{n} ms'],
  healthTitle: ['连接健康', 'Connection health'], healthHint: ['令牌、推送、调用与额度的当前状况', 'Tokens, pushes, calls and quotas as they are now'], wayBack: ['授权已失效，请重新授权', 'The authorization has ended: authorize again'], wayBackText: ['店铺、粉丝与订单数据都在，重新授权后立即恢复。', 'Shop, followers and orders are all kept; everything resumes at once.'], goAuthorize: ['去重新授权', 'Authorize again'], goFirst: ['去授权公众号', 'Authorize an account'], notYet: ['还没有接入公众号', 'No account is connected yet'], notYetText: ['授权后，令牌、推送、调用与额度是否正常，在这里一眼看清。', 'Once one is, this page shows at a glance whether tokens, pushes, calls and quotas are well.'],
  tokens: ['令牌', 'Tokens'], healthy: ['正常', 'Healthy'], sick: ['异常', 'Failing'], expires: ['有效期至', 'Expires'], refreshed: ['上次刷新', 'Refreshed'], lastError: ['最近错误', 'Last error'], noTokens: ['还没有取过令牌', 'No token yet'],
  news: ['公众号认证', 'Verification'], exchanges: ['最近往来', 'Last exchanges'], lastPush: ['最近推送', 'Last push'], lastCall: ['最近调用', 'Last call'], never: ['还没有', 'None yet'], today: ['今日调用', 'Calls today'], failed: ['今日失败', 'Failed today'], rate: ['失败率', 'Error rate'], errors: ['今天的错误', 'Errors of today'], noErrors: ['今天没有错误', 'No errors today'], history: ['授权凭证历史', 'Refresh tokens'], count: ['{n} 次', '{n} {n?time|times}'],
  quotas: ['调用额度', 'Quotas'], quotasText: ['每天零点（北京时间）重新计数；快用完时会提前停下，不会让微信封禁接口。', 'Counted anew at midnight in Beijing; calls stop before WeChat refuses them.'], api: ['接口', 'API'], used: ['今日已用', 'Used today'], resting: ['{t} 后继续', 'Rests until {t}'], lookQuota: ['向微信核对', 'Check with WeChat'], source: ['来源', 'Source'], allApis: ['查看全部 {n} 个接口', 'Show all {n} APIs'], fewApis: ['收起', 'Show fewer'], noUse: ['今天还没有调用', 'No calls today'],
  clearOne: ['清零', 'Clear'], clearOneAsk: ['让微信把“{name}”重新计数？', 'Have WeChat count “{name}” anew?'], clearOneText: ['只清零这一个接口今天的计数，与全部清零共用每月 10 次，本月还剩 {n} 次。', 'Only this API starts at zero; it draws on the same ten times a month, of which {n} are left.'],
  clear: ['额度清零', 'Clear quotas'], clearAsk: ['让微信重新计数？', 'Have WeChat count anew?'], clearText: ['所有接口今天的计数归零。每月最多 10 次，本月还剩 {n} 次。', 'Today’s counts of all APIs start at zero. Ten times a month at most; {n} are left.'], cleared: ['已清零', 'Cleared'], checked: ['已核对', 'Checked'],
  recovery: ['凭证找回演练', 'Recovery drill'], recoveryText: ['从微信的授权名单逐一核对，找回丢失的授权凭证；预演只报告，不写入。', 'Compares every refresh token with WeChat’s list and rebuilds those lost; a dry run only reports.'], dry: ['预演', 'Dry run'], recover: ['找回', 'Recover'], recoverAsk: ['写入找回的凭证？', 'Write the recovered tokens?'], listed: ['微信名单', 'Listed'], kept: ['一致', 'Kept'], recovered: ['找回', 'Recovered'], nobodys: ['无主', 'Nobody’s'], gone: ['已取消授权', 'Gone'], dryDone: ['预演完成，没有写入', 'Dry run done; nothing was written'], recoverDone: ['已完成', 'Done'],
})
export const KIND: Record<string, Pair> = { retry: ['自动重试', 'Retried'], heal: ['自动修复', 'Healed'], ask: ['需要您处理', 'Yours to mend'], give_up: ['不再重试', 'Given up'] }
export const KIND_TONE: Record<string, Tone> = { retry: 'busy', heal: 'busy', ask: 'warn', give_up: 'bad' }
export const RESULT: Record<string, Pair> = { received: ['已处理', 'Done'], failed: ['处理失败', 'Failed'], orphan: ['无主', 'Nobody’s'], forged: ['签名不符，已拒绝', 'Refused: forged'], stale: ['过期，已拒绝', 'Refused: too old'], unreadable: ['无法解密，已拒绝', 'Refused: unreadable'], done: ['成功', 'Done'], refused: ['微信拒绝', 'Refused'], unreachable: ['未送达', 'Unreachable'] }
export const RESULT_TONE: Record<string, Tone> = { received: 'good', done: 'good', failed: 'bad', refused: 'bad', forged: 'bad', unreadable: 'bad', unreachable: 'warn', orphan: 'warn', stale: 'warn' }
export const TOKEN: Record<string, Pair> = { authorizer: ['公众号令牌', 'Account token'], own: ['公众号令牌（自有密钥）', 'Account token (own secret)'], jsapi: ['JS-SDK 票据', 'JS-SDK ticket'], component: ['平台令牌', 'Platform token'] }
export const NEWS: Record<string, Pair> = { good: ['已通过', 'Passed'], warn: ['待年审', 'Due'], bad: ['需要处理', 'Act now'] }
export const SOURCE: Record<string, Pair> = { grant: ['授权时取得', 'By authorization'], refresh: ['刷新时更新', 'By a refresh'], recovery: ['找回', 'Recovered'] }
/** Make a masked JSON body readable. */
export function pretty(body: string) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
/** Guess what somebody looks for from how it is written. */
export function guess(text: string): Record<string, string> {
  if (!text) return {}
  if (/^-?\d{1,9}$/.test(text)) return { errcode: text }
  if (/^[0-9a-f]{6,8}-[0-9a-f]{8}-[0-9a-f]{8}$/i.test(text)) return { rid: text }
  if (/^o[\w-]{15,}$/.test(text)) return { openid: text }
  if (/^wx[0-9a-z]{8,}$/i.test(text)) return { appid: text }
  return { name: text.startsWith('/') ? `POST ${text}*` : `${text}*` }
}
