// Where this page lives: which shop, which language, which little store of the browser.
import { ref } from 'vue'
import { pickLang, translator, type Lang } from '@shared/t'
import words from './words'

let shop = ''
let tags: readonly string[] = []
// #ifdef H5
shop = decodeURIComponent(location.pathname.split('/')[2] ?? '')
// WeChat puts its own language into the user agent; it wins over the system's.
tags = [/ Language\/(\w+)/.exec(navigator.userAgent)?.[1] ?? '', ...navigator.languages]
// #endif
// #ifndef H5
shop = String(import.meta.env.VITE_SHOP ?? '')
tags = [uni.getSystemInfoSync().language ?? '']
// #endif
export const slug = shop

let shown = false
// #ifdef H5
shown = window.parent !== window && /[?&]preview\b/.test(location.search)
// #endif
/** Whether the console shows this page as the preview of a draft. */
export const previewing = shown

/** Read a value kept under this shop's name; two shops on one host never see each other's. */
export function kept<T>(key: string): T | null {
  return (uni.getStorageSync(`ts.${slug}.${key}`) as T | '') || null
}

/** Keep a value under this shop's name; null forgets it. */
export function keep(key: string, value: unknown): void {
  if (value === null) uni.removeStorageSync(`ts.${slug}.${key}`)
  else uni.setStorageSync(`ts.${slug}.${key}`, value)
}

export const lang = ref<Lang>(kept<Lang>('lang') ?? pickLang(tags))
export const t = translator(words, () => lang.value)
/** What stands between a name and what it is. */
export const colon = () => (lang.value === 'zh' ? '：' : ': ')

function tell(): void {
  // #ifdef H5
  document.documentElement.lang = lang.value === 'zh' ? 'zh-CN' : 'en'
  // #endif
}
tell()

export function speak(next: Lang): void {
  lang.value = next
  keep('lang', next)
  tell()
}
