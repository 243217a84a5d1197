/** What a group of WeChat's calls is about, in a merchant's words; the longest beginning that fits counts. */
import type { Pair } from '@/lib/words'

const NAMES: [string, Pair][] = ([
  ['/datacube/', ['数据统计', 'Statistics']],
  ['/cgi-bin/component/', ['账号授权', 'Authorization']],
  ['/cgi-bin/open/', ['开放平台账号', 'Open Platform account']],
  ['/cgi-bin/wxopen/', ['关联小程序', 'Linked mini programs']],
  ['/cgi-bin/material/', ['素材库', 'Materials']],
  ['/cgi-bin/media/', ['文件上传', 'Uploads']],
  ['/cgi-bin/draft/', ['草稿箱', 'Drafts']],
  ['/cgi-bin/freepublish/', ['图文发布', 'Publishing']],
  ['/cgi-bin/comment/', ['图文留言', 'Comments']],
  ['/cgi-bin/message/mass/', ['群发', 'Mass send']],
  ['/cgi-bin/message/custom/', ['客服消息', 'Service messages']],
  ['/cgi-bin/message/template/', ['模板消息', 'Template messages']],
  ['/cgi-bin/message/subscribe/', ['订阅通知', 'Subscription notices']],
  ['/cgi-bin/template/', ['模板库', 'Templates']],
  ['/wxaapi/newtmpl/', ['订阅通知模板', 'Notice templates']],
  ['/cgi-bin/menu/', ['自定义菜单', 'Menu']],
  ['/cgi-bin/get_current_selfmenu_info', ['自定义菜单', 'Menu']],
  ['/cgi-bin/get_current_autoreply_info', ['自动回复', 'Automatic replies']],
  ['/cgi-bin/user/', ['粉丝资料', 'Followers']],
  ['/cgi-bin/tags/', ['粉丝标签', 'Tags']],
  ['/cgi-bin/qrcode/', ['二维码', 'QR codes']],
  ['/cgi-bin/ticket/', ['网页票据', 'Page tickets']],
  ['/cgi-bin/token', ['接口令牌', 'Tokens']],
  ['/cgi-bin/stable_token', ['接口令牌', 'Tokens']],
  ['/cgi-bin/customservice/', ['微信客服', 'Service desk']],
  ['/customservice/', ['微信客服', 'Service desk']],
  ['/sns/', ['网页登录', 'Web log-in']],
  ['/cgi-bin/clear_quota', ['调用额度', 'Quotas']],
  ['/cgi-bin/openapi/', ['调用额度', 'Quotas']],
] as [string, Pair][]).sort((a, b) => b[0].length - a[0].length)

/** Name what a call is about, from its path, with or without the method before it. */
export function apiName(call: string): Pair | null {
  const path = call.slice(Math.max(0, call.indexOf('/')))
  return NAMES.find(([start]) => path.startsWith(start))?.[1] ?? null
}
