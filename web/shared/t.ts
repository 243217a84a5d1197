// Words of the three apps: one catalogue entry holds both languages, so that neither can be forgotten.
// No library and no eval: the mini program forbids eval, and vue-i18n does not interpolate there.

export type Lang = 'zh' | 'en'
export type Words = Record<string, readonly [zh: string, en: string]>
export type Params = Record<string, string | number>

/**
 * Fill `{name}` holes; an unknown hole stays as it is, so that a mistake can be seen.
 * `{n?order|orders}` chooses the first word for exactly one, the second for any other number.
 */
export function fill(text: string, params: Params = {}): string {
  return text.replace(/\{(\w+)(?:\?([^{}|]*)\|([^{}|]*))?\}/g, (hole, name: string, one?: string, many?: string) =>
    !(name in params) ? hole : one === undefined ? String(params[name]) : (Number(params[name]) === 1 ? one : many) ?? '')
}

/** Return t(key, params) over a catalogue; `lang` is asked at every call, so that a switch shows at once. */
export function translator<W extends Words>(words: W, lang: () => Lang): (key: keyof W & string, params?: Params) => string {
  return (key, params) => fill(words[key]?.[lang() === 'en' ? 1 : 0] ?? key, params)
}

/** Choose the language from what the browser or WeChat says ("zh_CN", "en-US", ...); Chinese is the house's first. */
export function pickLang(tags: readonly string[]): Lang {
  for (const tag of tags) {
    const head = tag.toLowerCase().split(/[-_]/)[0]
    if (head === 'zh' || head === 'en') return head
  }
  return 'zh'
}
