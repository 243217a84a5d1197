// WeChat's own part of the page: its JS-SDK file, share cards, payment and address book.
// The file always comes from where the platform says WeChat is (`res_base`): WeChat itself, or the simulator.
import type { Address, JsConfig, PayParams, Picture } from '@shared/api'
import { at } from '@shared/picture'
import type { JsSdk } from '../env'
import { booted } from './boot'
import { previewing, slug } from './env'
import { bare } from './http'

export type Paid = 'ok' | 'cancel' | 'fail'
const APIS = ['updateAppMessageShareData', 'updateTimelineShareData', 'openAddress', 'chooseWXPay', 'previewImage']
const TAG = 'wx-open-subscribe'

// #ifdef H5
let loading: Promise<JsSdk | null> | null = null
let configuring: Promise<JsSdk | null> | null = null
let tagless = false
if (typeof document !== 'undefined') document.addEventListener('WeixinOpenTagsError', () => { tagless = true })

/** Load WeChat's file once; null when it cannot be had, which leaves browsing as it is. */
function sdk(): Promise<JsSdk | null> {
  if (previewing) return Promise.resolve(null)
  loading ??= booted().then(({ res_base }) => new Promise<JsSdk | null>((resolve) => {
    const script = document.createElement('script')
    script.src = `${res_base}/open/js/jweixin-1.6.0.js`
    script.async = true
    const done = () => resolve(window.wx ?? window.jWeixin ?? null)
    script.onload = done
    script.onerror = done
    setTimeout(done, 6000)
    document.head.appendChild(script)
  })).catch(() => null)
  return loading
}

const isWechat = () => /MicroMessenger/i.test(navigator.userAgent) || Boolean(window.WeixinJSBridge)

/** Ask for the signature of this address (without the part behind #) and tell the SDK. */
function configured(): Promise<JsSdk | null> {
  configuring ??= sdk().then(async (wx) => {
    if (!wx || !isWechat()) return null
    const url = location.href.split('#')[0]!
    const signed = await bare<JsConfig>({ method: 'GET', path: `/js-config?url=${encodeURIComponent(url)}`, quiet: true })
    return new Promise<JsSdk | null>((resolve) => {
      wx.ready(() => resolve(wx))
      wx.error(() => resolve(null))
      wx.config({ debug: false, ...signed, jsApiList: APIS, openTagList: [TAG] })
    })
  }).catch(() => null)
  return configuring
}

async function bridge() {
  if (!window.WeixinJSBridge) await sdk()
  if (!window.WeixinJSBridge && isWechat()) {
    await new Promise<void>((resolve) => {
      document.addEventListener('WeixinJSBridgeReady', () => resolve(), { once: true })
      setTimeout(resolve, 3000)
    })
  }
  return window.WeixinJSBridge ?? null
}
// #endif

/** Whether the page runs inside WeChat. The simulator's phone says so only once its SDK file has run. */
export async function inWechat(): Promise<boolean> {
  // #ifdef H5
  if (isWechat()) return true
  await sdk()
  return isWechat()
  // #endif
  // #ifndef H5
  return true
  // #endif
}

/** Open the cashier with what the server signed. */
export async function pay(params: PayParams): Promise<Paid> {
  // #ifdef H5
  const wechat = await bridge()
  if (wechat) {
    return new Promise((resolve) => wechat.invoke('getBrandWCPayRequest', params, ({ err_msg }) => {
      resolve(/:ok$/.test(err_msg) ? 'ok' : /:cancel$/.test(err_msg) ? 'cancel' : 'fail')
    }))
  }
  const wx = await configured()
  if (!wx) return 'fail'
  return new Promise((resolve) => wx.chooseWXPay({
    ...params, timestamp: params.timeStamp, success: () => resolve('ok'), cancel: () => resolve('cancel'), fail: () => resolve('fail'),
  }))
  // #endif
  // #ifndef H5
  return new Promise((resolve) => uni.requestPayment({
    provider: 'wxpay', ...params, orderInfo: '', success: () => resolve('ok'),
    fail: ({ errMsg }) => resolve(/cancel/.test(errMsg) ? 'cancel' : 'fail'),
  } as UniApp.RequestPaymentOptions))
  // #endif
}

/** Open WeChat's sheet that asks to take money; `ok` means that it was shown, not that anything was paid. */
export async function collect(params: Record<string, string>): Promise<Paid> {
  // #ifdef H5
  const wechat = await bridge()
  if (!wechat) return 'fail'
  return new Promise((resolve) => wechat.invoke('requestMerchantTransfer', params, ({ err_msg }) => {
    resolve(/:ok$/.test(err_msg) ? 'ok' : /:cancel$/.test(err_msg) ? 'cancel' : 'fail')
  }))
  // #endif
  // #ifndef H5
  const api = (globalThis as unknown as { wx?: { requestMerchantTransfer?: (asked: object) => void } }).wx?.requestMerchantTransfer
  if (!api) return 'fail'
  return new Promise((resolve) => api?.({ ...params, success: () => resolve('ok'), fail: () => resolve('fail') }))
  // #endif
}

type WechatAddress = { userName: string; telNumber: string; provinceName: string; cityName: string; countryName?: string; countyName?: string; detailInfo: string }

/** Let the person choose from WeChat's address book; null when closed or not to be had. */
export async function wechatAddress(): Promise<Omit<Address, 'id' | 'is_default'> | null> {
  const found = await new Promise<WechatAddress | null>((resolve) => {
    const options = { success: (chosen: unknown) => resolve(chosen as WechatAddress), cancel: () => resolve(null), fail: () => resolve(null) }
    // #ifdef H5
    void configured().then((wx) => (wx ? wx.openAddress(options) : resolve(null)))
    // #endif
    // #ifndef H5
    uni.chooseAddress(options)
    // #endif
  })
  if (!found) return null
  const region = [found.provinceName, found.cityName, found.countryName ?? found.countyName ?? ''].filter(Boolean)
  return { name: found.userName, phone: found.telNumber, region, detail: found.detailInfo }
}

/**
 * Put WeChat's button for notices of some templates into a box, and hear what became of a tap: agreed, or not; false
 * when there can be none here. Only WeChat may draw it (its looks are handed over), so that nobody is made to agree.
 */
export async function noticeButton(box: HTMLElement, templates: string[], words: string, heard: (agreed: boolean) => void): Promise<boolean> {
  // #ifdef H5
  if (!(await configured()) || tagless) return false
  const tag = document.createElement(TAG)
  tag.setAttribute('template', templates.slice(0, 3).join(','))
  const part = (slot: string, inner: string) => {
    const script = document.createElement('script')
    script.type = 'text/wxtag-template'
    if (slot) script.setAttribute('slot', slot)
    script.textContent = inner
    tag.append(script)
  }
  part('style', `<style>.tell { display: block; width: 100%; min-height: 46px; border: 0; border-radius: 23px; background: #fff; color: #1d2129; box-shadow: inset 0 0 0 1px #d5d9de; font: inherit; font-size: 16px; }</style>`)
  part('', `<button type="button" class="tell">${words.replace(/[<>&]/g, '')}</button>`)
  tag.addEventListener('success', (event) => heard(/accept/.test(String((event as CustomEvent).detail?.subscribeDetails))))
  tag.addEventListener('error', () => heard(false))
  tag.style.display = 'block'
  box.replaceChildren(tag)
  return true
  // #endif
  // #ifndef H5
  return false
  // #endif
}

/** Show pictures large in WeChat's own viewer; elsewhere they stay as they are. */
export function enlarge(urls: string[], current: number): void {
  if (!urls.length) return
  // #ifdef H5
  const whole = urls.map((url) => new URL(url, location.origin).href)
  void configured().then((wx) => wx?.previewImage({ current: whole[current], urls: whole }))
  // #endif
  // #ifndef H5
  uni.previewImage({ current, urls })
  // #endif
}

/** Say what a shared card of this page shows. */
export function share(card: { title: string; desc?: string; picture?: Picture | null }): void {
  // #ifdef H5
  document.title = card.title
  void configured().then((wx) => {
    if (!wx) return
    const link = `${location.origin}/s/${encodeURIComponent(slug)}/${location.hash}`
    const imgUrl = card.picture ? new URL(at(card.picture, 320), location.origin).href : ''
    wx.updateAppMessageShareData({ title: card.title, desc: card.desc ?? '', link, imgUrl })
    wx.updateTimelineShareData({ title: card.title, link, imgUrl })
  })
  // #endif
  // #ifndef H5
  uni.setNavigationBarTitle({ title: card.title })
  // #endif
}
