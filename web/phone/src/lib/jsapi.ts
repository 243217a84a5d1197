// What a page may ask of WeChat, by the bridge's names (WeChat's JS-SDK file translates its own into these).
import { reactive } from 'vue'
import { act, get } from './api'
import type { Answer, Asked } from './bridge'
import type { Phone } from './phone'
import type { Code, Given, Heard, Place, Prompt, ShareCard, Till } from './types'
import { t } from './words'

/** What one page has been granted and has said about itself. */
export interface Session { appid: string; tags: string[]; verified: string[]; share: ShareCard | null; menu: boolean; hidden: string[]; wrong: string }
export const newSession = (): Session => reactive({ appid: '', tags: [], verified: [], share: null, menu: true, hidden: [], wrong: '' })

interface Hands { phone: Phone; session: Session; close: () => void }
type Handler = (asked: Asked, hands: Hands) => Promise<Answer> | Answer

const ok = (name: string, more: Record<string, unknown> = {}): Answer => ({ ...more, err_msg: `${name}:ok` })
const PAY = 'get_brand_wcpay_request'
const COLLECT = 'requestMerchantTransfer'

async function verify({ name, args, page }: Asked, { phone, session }: Hands): Promise<Answer> {
  const said = await act<{ err_msg: string; hint: string }>(phone.name, 'jsapi', {
    appid: String(args.verifyAppId ?? ''), url: page.href, timestamp: String(args.verifyTimestamp ?? ''),
    nonce: String(args.verifyNonceStr ?? ''), signature: String(args.verifySignature ?? ''),
  }).catch(() => ({ err_msg: `${name}:fail_system error`, hint: '' }))
  session.verified = said.err_msg.endsWith(':ok') ? (args.verifyJsApiList as string[] | undefined) ?? [] : []
  session.tags = said.err_msg.endsWith(':ok') ? (args.verifyOpenTagList as string[] | undefined) ?? [] : []
  session.appid = String(args.verifyAppId ?? '')
  session.wrong = said.err_msg.endsWith(':ok') ? '' : `${said.err_msg.split(':fail_')[1]}：${said.hint}`
  return { err_msg: said.err_msg }
}

function checkJsApi({ name, args }: Asked): Answer {
  const list = (args.jsApiList as string[] | undefined) ?? []
  return ok(name, { checkResult: Object.fromEntries(list.map((one) => [one, one in HANDLERS])) })
}

function share({ name, args, page }: Asked, { session }: Hands): Answer {
  session.share = {
    title: String(args.title ?? ''), desc: String(args.desc ?? ''), link: String(args.link ?? page.href),
    image: String(args.imgUrl ?? args.img_url ?? ''),
  }
  return ok(name)
}

async function pay({ args }: Asked, { phone }: Hands): Promise<Answer> {
  const names = ['appId', 'timeStamp', 'nonceStr', 'package', 'signType', 'paySign']
  const bill = Object.fromEntries(names.map((one) => [one, String(args[one] ?? '')]))
  const end = await phone.ask<Till>('cashier', bill)
  return { err_msg: end?.err_msg ?? `${PAY}:cancel` }
}

/** Money from a merchant: `ok` means that the sheet was shown, as WeChat has it. */
async function collect({ args }: Asked, { phone }: Hands): Promise<Answer> {
  const handed = Object.fromEntries(['mchId', 'subMchId', 'appId', 'package'].map((one) => [one, String(args[one] ?? '')]))
  const end = await phone.ask<Given>('collect', handed)
  return { err_msg: end?.err_msg ?? `${COLLECT}:cancel` }
}

async function scanQRCode({ name, args }: Asked, { phone }: Hands): Promise<Answer> {
  const code = await phone.ask<Pick<Code, 'text' | 'ticket'>>('scanner')
  if (!code) return { err_msg: `${name}:cancel` }
  if (args.needResult) return ok(name, { resultStr: JSON.stringify({ scan_code: { scan_result: code.text || code.ticket } }) })
  void phone.scan(code)
  return ok(name)
}

async function location({ name, page }: Asked, { phone }: Hands): Promise<Answer> {
  const spot = await phone.ask<{ latitude: number; longitude: number }>('location', { host: new URL(page.href).host })
  if (!spot) return { err_msg: `${name}:cancel` }
  return ok(name, { ...spot, speed: 0, accuracy: 30, altitude: 0 })
}

async function address(_: Asked, { phone }: Hands): Promise<Answer> {
  const place = await phone.ask<Place>('addresses')
  if (!place) return { err_msg: 'edit_address:cancel' }
  return ok('edit_address', {
    userName: place.name, telNumber: place.phone, addressPostalCode: place.postal_code, nationalCode: '',
    proviceFirstStageName: place.province, addressCitySecondStageName: place.city, addressCountiesThirdStageName: place.county,
    addressDetailInfo: place.detail,
  })
}

/** The button of <wx-open-subscribe> was tapped: show the sheet, unless the choice is kept or something bars it. */
async function subscribe({ name, args }: Asked, { phone, session }: Hands): Promise<Answer> {
  if (!session.tags.includes('wx-open-subscribe')) return { err_msg: `${name}:permission denied` }
  const about = { appid: session.appid, template: String(args.template ?? '') }
  const asked = await act<Prompt | Heard>(phone.name, 'notices/prompt', about)
  if ('event' in asked) return ok(name, { ...asked })
  const choice = await phone.ask<{ accepted: string[]; keep: boolean }>('subscribe', { ...asked, appid: session.appid })
  const heard = await act<Heard>(phone.name, 'notices/decision', { ...about, ...choice ?? { accepted: [], keep: false } })
  return ok(name, { ...heard })
}

const HANDLERS: Record<string, Handler> = {
  preVerifyJSAPI: verify,
  checkJsApi,
  updateAppMessageShareData: share, updateTimelineShareData: share, sendAppMessage: share, shareTimeline: share,
  'menu:share:appmessage': ({ name }) => ok(name), 'menu:share:timeline': ({ name }) => ok(name),
  getBrandWCPayRequest: pay,
  requestMerchantTransfer: collect,
  scanQRCode,
  geoLocation: location,
  openLocation: ({ name, args }, { phone }) => { void phone.ask('place', args); return ok(name) },
  editAddress: address,
  getLatestAddress: address,
  imagePreview: ({ name, args }, { phone }) => { void phone.ask('preview', args); return ok(name) },
  openSubscribe: (asked, hands) => subscribe(asked, hands).catch(() => ({ err_msg: `${asked.name}:fail`, event: 'error', detail: { errCode: '10002', errMsg: 'subscribe:fail_network' } })),
  getNetworkType: () => ({ err_msg: 'network_type:wifi' }),
  closeWindow: ({ name }, { close }) => { close(); return ok(name) },
  hideOptionMenu: ({ name }, { session }) => { session.menu = false; return ok(name) },
  showOptionMenu: ({ name }, { session }) => { session.menu = true; return ok(name) },
  hideAllNonBaseMenuItem: ({ name }, { session }) => { session.hidden = ['menuItem:share:appMessage', 'menuItem:share:timeline', 'menuItem:copyUrl']; return ok(name) },
  showAllNonBaseMenuItem: ({ name }, { session }) => { session.hidden = []; return ok(name) },
  hideMenuItems: ({ name, args }, { session }) => { session.hidden = [...new Set([...session.hidden, ...args.menuList ?? []])]; return ok(name) },
  showMenuItems: ({ name, args }, { session }) => { session.hidden = session.hidden.filter((one) => !args.menuList?.includes(one)); return ok(name) },
}
// WeChat asks for wx.config with the name in jsApiList before these.
const NEEDS_CONFIG = ['scanQRCode', 'geoLocation', 'openLocation', 'updateAppMessageShareData', 'updateTimelineShareData', 'imagePreview']

/** Answer what a page asks; what WeChat has and the sandbox has not says so. */
export async function answer(asked: Asked, hands: Hands): Promise<Answer> {
  const handler = HANDLERS[asked.name]
  if (!handler) return { err_msg: `${asked.name}:fail not supported` }
  if (NEEDS_CONFIG.includes(asked.name) && !hands.session.verified.includes(asked.name)) {
    return { err_msg: `${asked.name}:permission denied` }
  }
  return handler(asked, hands)
}

/** Send a page to somebody else: it opens on their phone. */
export async function sendTo(phone: Phone, link: string): Promise<void> {
  const everybody = (await get<{ items: { id: string; nickname: string }[] }>('/people')).items
  const others = everybody.filter((one) => one.id !== phone.name)
  if (!others.length) { phone.toast(t('nobody')); return }
  const items = others.map((one) => ({ key: one.id, label: one.nickname }))
  const friend = await phone.ask<string>('actions', { title: `${t('shareTo')} · ${t('shareHint')}`, items })
  if (friend && await phone.tried(() => act(friend, 'open', { url: link }))) phone.toast(t('shared'))
}
