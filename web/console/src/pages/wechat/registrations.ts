/** The words of quick registrations. */
import { words, type Pair } from '@/lib/words'
import type { Tone } from '@/ui/Tag.vue'
export interface MiniRegistration {
  id: string
  way: 'company' | 'person'
  name: string
  state: 'asked' | 'waiting' | 'done' | 'failed'
  errcode: number | null
  status: number | null
  message: string
  appid: string | null
  created_at: string
  sent_at: string | null
  ended_at: string | null
  confirm_url: string | null
  confirm_svg: string | null
}
export const t = words({
  title: ['小程序', 'Mini programs'], hint: ['由平台代为快速注册小程序：提交主体信息，法定代表人或本人在手机上确认，24 小时内有效。', 'Registered through the platform: send who it is for, and the legal person or the person confirms on the phone within 24 hours.'],
  add: ['快速注册', 'Register'], none: ['还没有注册过小程序', 'None registered yet'], noneText: ['企业无需重新认证对公账户，几分钟即可拥有自己的小程序。', 'Within minutes a company has a mini program of its own.'],
  way: ['主体', 'Subject'], company: ['企业 / 个体工商户', 'Company'], person: ['个人', 'Person'], name: ['企业名称（与营业执照一致）', 'Company name, as on the licence'], code: ['企业代码', 'Company code'], codeType: ['代码类型', 'Kind of code'], code1: ['统一社会信用代码（18 位）', 'Unified social credit code (18)'], code2: ['组织机构代码（9 位）', 'Organization code (9)'], code3: ['营业执照注册号（15 位）', 'Business licence (15)'],
  persona: ['法定代表人姓名', 'Legal person'], self: ['姓名', 'Name'], wechat: ['微信号', 'WeChat id'], wechatHint: ['不是手机号；由对方微信“我 - 微信号”查看，需已绑定银行卡实名。', 'Not the phone number: under Me – WeChat ID. The person’s name must be verified there.'], phone: ['联系电话', 'Phone'], privacy: ['这些信息只用于提交给微信，加密保存，列表与日志中不展示。', 'Sent to WeChat, kept sealed, and shown neither in lists nor in journals.'],
  send: ['提交注册', 'Send'], back: ['取消', 'Cancel'], asked: ['已提交，等待微信受理', 'Sent'], state: ['进度', 'Progress'], at: ['提交时间', 'Sent at'], appid: ['小程序 AppID', 'AppID'], confirm: ['请本人用微信扫码确认', 'The person scans this to confirm'], waitCompany: ['已通知法定代表人，请在微信“公众平台安全助手”消息中确认。', 'The legal person was asked in WeChat; please confirm there.'], copy: ['复制确认链接', 'Copy the link'], notAgain: ['如需更改信息，请等待本次结束后重新提交。', 'To change anything, wait until this one has ended.'],
  links: ['已关联的小程序', 'Linked mini programs'], linksText: ['关联后，菜单、自动回复和客服消息可以打开小程序。公众号与小程序的管理员都要在手机上确认。', 'Once linked, menus, replies and messages may open it. The administrators of both confirm on their phones.'], linkAppid: ['小程序 AppID', 'AppID of the mini program'], linkAppidWrong: ['wx 加 16 位小写字母或数字', 'wx and 16 hex digits'], linkShown: ['在公众号主页展示', 'Show it on the account’s page'], linkNotify: ['通知粉丝', 'Tell followers'], link: ['关联', 'Link'], linked: ['已发起关联，等待管理员确认', 'Asked; administrators have to confirm'], unlink: ['解除关联', 'Unlink'], unlinkAsk: ['解除关联？', 'Unlink it?'], unlinkText: ['指向它的菜单和消息将打不开。', 'Menus and messages that lead to it stop working.'], unlinked: ['已解除', 'Unlinked'], noLinks: ['还没有关联小程序', 'None linked yet'], unreleased: ['未发布', 'Not released'],
  doneText: ['注册成功。请登录 mp.weixin.qq.com 补全名称、头像与类目。', 'Registered. Set its name, picture and category at mp.weixin.qq.com.'], unverified: ['自 2023-12-25 起，以此方式注册的小程序为未认证状态，需另行完成微信认证。', 'Since 2023-12-25 such mini programs start unverified.'],
})
export const STATE: Record<string, Pair> = { asked: ['提交中', 'Sending'], waiting: ['等待确认', 'Waiting'], done: ['已注册', 'Registered'], failed: ['未成功', 'Failed'] }
export const STATE_TONE: Record<string, Tone> = { asked: 'busy', waiting: 'warn', done: 'good', failed: 'bad' }
/** Where a link stands, by WeChat's number. */
export const LINK: Record<string, Pair> = { 1: ['已关联', 'Linked'], 2: ['等待小程序管理员确认', 'Waits for the mini program'], 3: ['小程序管理员已拒绝', 'Refused'], 12: ['等待公众号管理员确认', 'Waits for the account'] }
export const LINK_TONE: Record<string, Tone> = { 1: 'good', 2: 'warn', 3: 'bad', 12: 'warn' }
export interface MiniLink { appid: string; username: string; nickname: string; picture: string; status: number; selected: boolean; released: boolean }
