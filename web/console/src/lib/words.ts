/**
 * Texts in two languages, side by side, so that neither can be forgotten.
 *
 * A page declares `const t = words({ title: ['订单', 'Orders'] })` and writes `t('title')`.
 */
import { ref, watchEffect } from 'vue'
import { fill, pickLang, translator, type Lang, type Params, type Words } from '@shared/t'

export type { Lang, Params }
export type Pair = readonly [zh: string, en: string]

const KEY = 'tongshang.lang'

function first(): Lang {
  const kept = localStorage.getItem(KEY)
  if (kept === 'zh' || kept === 'en') return kept
  return pickLang(navigator.languages)
}

export const lang = ref<Lang>(first())

watchEffect(() => {
  localStorage.setItem(KEY, lang.value)
  document.documentElement.lang = lang.value === 'zh' ? 'zh-CN' : 'en'
})

/** Pick the text of a pair in the current language. */
export function say(pair: Pair, params?: Params) {
  return fill(pair[lang.value === 'zh' ? 0 : 1], params)
}

export function words<W extends Words>(texts: W) {
  return translator(texts, () => lang.value)
}

/** Look up a text that comes from data (a state, a kind); an unknown word is shown as it is. */
export function look(texts: Record<string, Pair>, key: string | null | undefined) {
  const pair = key ? texts[key] : undefined
  return pair ? say(pair) : (key ?? '')
}

/** What stands between a name and what it is; between several of a kind; around an aside. */
export const colon = () => (lang.value === 'zh' ? '：' : ': ')
export const listed = (names: readonly string[]) => names.join(lang.value === 'zh' ? '、' : ', ')
export const aside = (text: string) => (lang.value === 'zh' ? `（${text}）` : ` (${text})`)
