// Every word of the phone, Chinese first.
import { ref } from 'vue'
import { recall, remember } from './memory'
import { pickLang, translator, type Lang } from '@shared/t'

const WORDS = {
  wechat: ['微信', 'Chats'], weixin: ['微信', 'WeChat'], contacts: ['通讯录', 'Contacts'], discover: ['发现', 'Discover'], me: ['我', 'Me'],
  scan: ['扫一扫', 'Scan'], openLink: ['打开链接', 'Open link'], back: ['返回', 'Back'], close: ['关闭', 'Close'],
  more: ['更多', 'More'], cancel: ['取消', 'Cancel'], ok: ['确定', 'OK'], send: ['发送', 'Send'], done: ['完成', 'Done'],
  noChats: ['还没有聊天', 'No chats yet'], noChatsHint: ['扫一个公众号的二维码，从关注开始', 'Scan an account\'s QR code to begin'],
  accounts: ['公众号', 'Official accounts'], noAccounts: ['沙盒里还没有公众号', 'There is no account in this sandbox yet'],
  follow: ['关注公众号', 'Follow'], enter: ['发消息', 'Message'], unfollow: ['不再关注', 'Unfollow'], unfollowed: ['已取消关注', 'Unfollowed'], revoke: ['撤回授权', 'Take authorization back'], revoked: ['已撤回授权', 'Authorization taken back'],
  verified: ['已认证', 'Verified'], principal: ['账号主体', 'Owner'], wechatId: ['微信号', 'ID'], about: ['介绍', 'About'],
  notFollowed: ['关注后可以收发消息', 'Follow to exchange messages'], typing: ['对方正在输入…', 'typing…'],
  say: ['发消息', 'Message'], toMenu: ['菜单', 'Menu'], toKeyboard: ['键盘', 'Keyboard'], sendPlace: ['位置', 'Location'],
  plus: ['更多功能', 'More'], camera: ['拍摄', 'Camera'], sendVoice: ['语音', 'Voice'], voiceWords: ['你好', 'Hello'], download: ['下载', 'Download'], amr: ['AMR 语音，浏览器无法播放', 'AMR: browsers cannot play it'], article: ['[图文]', '[Article]'], scanning: ['正在扫描，等待公众号回复…', 'Scanned; waiting for the account…'],
  receiver: ['收款方', 'Payee'], method: ['支付方式', 'Paid with'], item: ['商品', 'Item'], number: ['商户单号', 'Order no.'],
  giver: ['付款方', 'From'], giftAmount: ['收款金额', 'Amount received'], giftTo: ['收款账户', 'Into'], giftSaid: ['附言', 'Words'], collect: ['确认收款', 'Take it'], openPacket: ['开', 'Open'], packetOf: ['给你发了一个红包', 'sent you a red packet'], inChange: ['已存入零钱', 'In your change'], cannotCollect: ['无法收款', 'Cannot be taken'],
  payAmount: ['付款金额', 'Amount paid'], refundAmount: ['退款金额', 'Amount refunded'], refundTo: ['退回', 'Back to'],
  reason: ['退款说明', 'Note'], image: ['[图片]', '[Picture]'], voice: ['[语音]', '[Voice]'], video: ['[视频]', '[Video]'],
  music: ['[音乐]', '[Music]'], place: ['[位置]', '[Location]'], link: ['[链接]', '[Link]'], mini: ['[小程序]', '[Mini program]'],
  card: ['[卡券]', '[Card]'], unknown: ['[暂不支持的消息]', '[Unsupported message]'], miniProgram: ['小程序', 'Mini program'],
  details: ['查看详情', 'Details'], readMore: ['阅读全文', 'Read more'],
  scanHint: ['选择一个二维码，就像对准它扫描', 'Choose a code, as if you pointed the camera at it'],
  noCodes: ['沙盒里还没有二维码', 'There is no QR code in this sandbox yet'], ownCode: ['公众号二维码', 'The account\'s own code'],
  scene: ['场景 {scene}', 'Scene {scene}'], paste: ['粘贴二维码内容、链接或 ticket', 'Paste a code\'s text, a link or a ticket'],
  recognise: ['识别', 'Read'], album: ['相册', 'Album'], unreadable: ['没有识别到二维码', 'No QR code found'],
  scanned: ['扫描结果', 'Scan result'], copy: ['复制', 'Copy'], copied: ['已复制', 'Copied'],
  refresh: ['刷新', 'Refresh'], copyLink: ['复制链接', 'Copy link'], share: ['发送给朋友', 'Send to a friend'],
  timeline: ['分享到朋友圈', 'Share on Moments'], provider: ['此网页由 {host} 提供', 'This page is provided by {host}'],
  ownWindow: ['在独立窗口打开', 'Open in its own window'], newWindow: ['新窗口', 'New window'], shareTo: ['发送给', 'Send to'], shared: ['已发送', 'Sent'],
  nobody: ['沙盒里没有别的人', 'Nobody else in this sandbox'], shareHint: ['对方的手机会打开这个网页', 'Their phone will open this page'],
  noShare: ['页面没有设置分享内容', 'The page has set no share data'],
  framed: ['网页要在 {name} 自己的窗口里打开', 'Pages open in {name}\'s own window'],
  framedHint: ['并排视图里的网页拿不到 Cookie，登录会失败。', 'Side by side, browsers keep cookies from pages, so logging in would fail.'],
  openHere: ['仍在这里打开', 'Open here all the same'],
  payTitle: ['请输入支付密码', 'Enter payment password'], wrongPassword: ['支付密码错误，请重试', 'Wrong password, please try again'],
  again: ['重试', 'Try again'], change: ['零钱', 'Balance'], bankCard: ['银行卡（{card}）', 'Bank card ({card})'],
  paid: ['支付成功', 'Paid'], paying: ['正在支付', 'Paying'], sandboxPassword: ['沙盒支付密码 {password}', 'Sandbox password {password}'],
  cannotPay: ['无法支付', 'Cannot pay'], delete: ['删除', 'Delete'], digit: ['已输入 {n} 位', '{n} {n?digit|digits} entered'],
  wallet: ['钱包', 'Wallet'], balance: ['零钱余额', 'Balance'], bills: ['账单', 'Transactions'], noBills: ['暂无账单', 'No transactions yet'],
  addresses: ['收货地址', 'Addresses'], pickAddress: ['选择收货地址', 'Choose an address'], newAddress: ['新增地址', 'New address'],
  save: ['保存', 'Save'], fName: ['收货人', 'Name'], fPhone: ['手机号码', 'Phone'], fProvince: ['省', 'Province'], fCity: ['市', 'City'],
  fCounty: ['区县', 'District'], fDetail: ['详细地址', 'Street address'],
  allowPlace: ['{host} 申请获取你的位置', '{host} asks for your location'], deny: ['拒绝', 'Deny'], sendWhere: ['选择位置', 'Choose a place'],
  applies: ['申请', 'asks'], mayTellOnce: ['向你发送一次以下消息', 'To send you each of these once'], mayTell: ['向你发送以下消息', 'To send you these'],
  example: ['示例', 'Example'], keepChoice: ['总是保持以上选择，不再询问', 'Always keep this choice, do not ask again'], allow: ['允许', 'Allow'],
  language: ['语言', 'Language'], otherLanguage: ['English', '中文'], people: ['沙盒里的人', 'People in this sandbox'],
  lost: ['网络连接已断开，正在重连…', 'Connection lost, trying again…'], noPerson: ['沙盒里没有这个人', 'There is nobody of this name here'],
  notSupported: ['沙盒暂不支持', 'Not supported by the sandbox'], enterUrl: ['网址', 'Address'], visit: ['访问', 'Open'],
  loading: ['载入中', 'Loading'], sandbox: ['微信沙盒', 'WeChat sandbox'], chooserHint: ['每个人一部手机，Cookie 各自独立', 'One phone each, with cookies of their own'],
  newPerson: ['新建人物', 'New person'], pName: ['名字（小写字母）', 'Name (lower case)'], pNick: ['昵称', 'Nickname'], create: ['创建', 'Create'],
  clock: ['沙盒时间', 'Sandbox time'], frozen: ['已暂停', 'stopped'], minutes: ['+30 分钟', '+30 min'], day: ['+1 天', '+1 day'],
  find: ['找人…', 'Find…'], hide: ['收起', 'Hide'], windows: ['全部用独立窗口并排打开', 'Open all in windows side by side'], noPeople: ['还没有人，先新建一个', 'Nobody here yet: create somebody'],
  copyFailed: ['浏览器不允许复制', 'The browser does not allow copying'], yesterday: ['昨天', 'Yesterday'], config: ['JS-SDK 配置失败', 'JS-SDK config failed'],
} as const

function stored(): Lang {
  const kept = new URLSearchParams(location.search).get('lang') ?? recall('lang')
  return kept === 'zh' || kept === 'en' ? kept : pickLang(navigator.languages)
}

export const lang = ref<Lang>(stored())
export const t = translator(WORDS, () => lang.value)
/** What stands between a name and what it is. */
export const colon = () => (lang.value === 'zh' ? '：' : ': ')
export type Word = keyof typeof WORDS

export function switchLanguage(): void {
  lang.value = lang.value === 'zh' ? 'en' : 'zh'
  remember('lang', lang.value)
  document.documentElement.lang = lang.value === 'zh' ? 'zh-CN' : 'en'
}
