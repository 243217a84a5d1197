import { words, type Pair } from '@/lib/words'
export const t = words({
  title: ['数据分析', 'Insights'], hint: ['微信公众平台的统计，每天上午八点后更新到前一天', "WeChat's own statistics; every morning after eight, up to the day before"],
  through: ['数据截至 {d}', 'Up to {d}'], running: ['正在从微信读取数据…', 'Reading figures from WeChat…'], days: ['时间范围', 'Span'], last: ['近 {n} 天', 'Last {n} {n?day|days}'],
  none: ['还没有数据', 'No figures yet'], noneText: ['公众号授权后约十分钟，会自动补齐最近 30 天的统计。', 'About ten minutes after an account is authorized, its last 30 days come by themselves.'], toAccount: ['去授权公众号', 'Authorize an account'],
  refused: ['有 {n} 项统计微信没有给出（{names}）。若缺少权限，请重新授权。', 'WeChat did not give {n} of the reports ({names}). If a permission is missing, authorize again.'],
  growth: ['粉丝增长', 'Followers'], new: ['新关注', 'New'], cancelled: ['取消关注', 'Left'], net: ['净增', 'Net'], total: ['累计关注', 'In all'],
  messages: ['消息', 'Messages'], people: ['发消息人数', 'People who wrote'], count: ['消息条数', 'Messages'],
  articles: ['图文', 'Articles'], readers: ['阅读人数', 'Readers'], reads: ['阅读次数', 'Reads'], shares: ['转发次数', 'Shares'],
  interface: ['接口', 'Interface'], calls: ['调用次数', 'Callbacks'], failed: ['失败次数', 'Failures'], average: ['平均耗时', 'Average time'], most: ['最大耗时', 'Longest time'],
  sum: ['合计 {v}', 'Sum {v}'], latest: ['最新 {v}', 'Latest {v}'], peak: ['最高 {v}', 'Peak {v}'], sources: ['新粉丝从哪里来', 'Where new followers came from'], noSources: ['这段时间没有新粉丝', 'No new followers in these days'], top: ['读得最多的图文', 'Most read articles'], noTop: ['这段时间没有图文数据', 'No articles in these days'], article: ['标题', 'Title'], sent: ['发布日', 'Sent'], metric: ['指标', 'Metric'],
})
/** WeChat's user_source of getusersummary. */
export const SOURCE: Record<string, Pair> = { 0: ['其他', 'Other'], 1: ['公众号搜索', 'Search'], 17: ['名片分享', 'Shared card'], 30: ['扫描二维码', 'QR code'], 51: ['支付后关注', 'After a payment'], 57: ['文章内账号名称', 'Name in an article'], 100: ['微信广告', 'Ads'], 149: ['小程序关注', 'Mini program'], 161: ['他人转载', 'Reprint'], 176: ['专辑页', 'Album page'], 200: ['视频号', 'Channels'], 201: ['直播', 'Live'] }
