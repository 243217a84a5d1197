import { words, type Pair } from '@/lib/words'
export const t = words({
  add: ['添加第三方平台', 'Add a platform'], addTitle: ['添加第三方平台', 'Add a platform'], name: ['名称（仅自己可见）', 'Name (for yourself)'], inUse: ['使用中', 'In use'], accountsOf: ['{n} 个公众号', '{n} {n?account|accounts}'],
  notInUse: ['新的授权目前不使用该平台；已授权的公众号不受影响。', 'New authorizations use another platform; accounts that are here stay.'], use: ['新授权使用该平台', 'Use it for new authorizations'], chosen: ['已切换', 'Chosen'], domain: ['授权发起页域名、公众号开发域名', 'Authorization start-page domain, account development domain'],
  accounts: ['核对授权列表', 'Compare the authorizations'], accountsText: ['向微信读取该平台的授权列表，与本系统对照。', 'Reads WeChat’s list and puts ours beside it.'], compare: ['向微信核对', 'Ask WeChat'], compareAgain: ['重新核对', 'Ask again'], known: ['状态', 'State'], since: ['授权时间', 'Authorized'], noAccounts: ['微信和本系统都没有记录', 'Nothing on either side'],
  release: ['全网发布检测', 'Release test'], releaseText: ['在微信开放平台点击“全网发布”时自动应答，无需任何操作。', 'Answered by itself when you release the platform at WeChat.'], noRelease: ['还没有收到过检测', 'Not tested yet'],
  notices: ['平台通知', 'Notices'], noticesText: ['快速注册小程序等通知；个人信息已打码。', 'Registrations and the like; personal data is masked.'], noNotices: ['还没有通知', 'None yet'],
})
export const KNOWN: Record<string, Pair> = { both: ['一致', 'Both sides'], only_wechat: ['仅微信有：没有商户认领', 'WeChat only: nobody claimed it'], only_here: ['仅本系统有：可能已取消授权', 'Ours only: probably revoked'] }
export const QUESTIONS: Record<string, Pair> = { text: ['文本消息，被动回复', 'Text, answered at once'], api: ['授权码，客服消息回复', 'Code, answered by message'], event: ['事件，被动回复', 'Event, answered at once'] }
export const ANSWERED: Record<string, Pair> = { sending: ['回复中', 'Answering'], answered: ['已应答', 'Answered'], failed: ['失败', 'Failed'] }
export const NOTICES: Record<string, Pair> = { notify_third_fasteregister: ['快速注册小程序', 'Quick registration'], notify_third_fastregisterbetaapp: ['注册试用小程序', 'Trial registration'], notify_third_fastverifybetaapp: ['试用小程序认证', 'Trial verification'], notify_3rd_wxa_auth: ['小程序认证', 'Mini program verification'], notify_3rd_wxa_wxverify: ['微信认证到期', 'Verification expires'], notify_apply_icpfiling_result: ['小程序备案', 'ICP filing'] }
/** https://developers.weixin.qq.com/doc/oplatform Fast registration, status codes (2026-11). */
export const STATUSES: Record<string, Pair> = {
  '0': ['成功', 'Done'], '100001': ['身份证校验超时', 'Identity check timed out'], '100002': ['人脸识别超时', 'Face check timed out'], '100003': ['法人未确认，已超时', 'Not confirmed in 24 hours'], '101': ['企业已注销', 'Company cancelled'], '102': ['企业不存在', 'No such company'], '103': ['法人姓名不一致', 'Name differs'], '104': ['法人身份证号不一致', 'Id number differs'], '105': ['工商数据未更新', 'Registry not updated yet'], '1000': ['企业信息不一致', 'Details differ'], '-1': ['企业与法人姓名不一致', 'Company and person differ'], '1001': ['主体小程序数量已达上限', 'Too many mini programs'], '1002': ['主体在黑名单', 'Subject is blacklisted'], '1003': ['管理员绑定数已达上限', 'Administrator has too many'], '1004': ['管理员在黑名单', 'Administrator is blacklisted'],
}
