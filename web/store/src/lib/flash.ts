// What is on, by the server's clock: flash prices of products, when a sale begins, and how long it still is.
import { computed, onUnmounted, ref } from 'vue'
import type { FlashLabel, ProductCard } from '@shared/api'
import { shop } from './boot'
import { lang } from './env'
import { clock, when } from './when'
import { translator } from '@shared/t'

const words = {
  'begins': ['距开售 {time}', 'On sale in {time}'], 'at': ['{time} 开售', 'On sale {time}'], 'soon': ['秒杀 {time} 开始', 'Flash sale {time}'],
  'ends': ['秒杀 剩 {time}', 'Flash sale {time}'], 'days': ['{n} 天', '{n} d'], 'member': ['会员价', 'Members'], 'wait': ['即将开售', 'Not on sale yet'], 'over': ['销售已结束', 'The sale is over'],
} as const
export const f = translator(words, () => lang.value)
const DAY_MILLISECONDS = 86_400_000
const deals = computed(() => shop.value?.deals)
/** Whether there are members' prices, and promotions or coupons to ask for. */
export const members = computed(() => deals.value?.members ?? false)
export const anyDeals = computed(() => deals.value?.more ?? false)

/** The server's clock decides, not the phone's. */
const opened = Date.now()
const ahead = computed(() => (deals.value ? Date.parse(deals.value.now) - opened : 0))
const now = ref(Date.now())
let watchers = 0
let tick: ReturnType<typeof setInterval> | undefined
/** The world's time, kept going while somebody looks at it. */
export function useNow() {
  if (!watchers++) tick = setInterval(() => { now.value = Date.now() }, 1000)
  now.value = Date.now()
  onUnmounted(() => { if (!--watchers) clearInterval(tick) })
  return computed(() => now.value + ahead.value)
}

const running = (one: FlashLabel, at: number): boolean => (!one.starts_at || Date.parse(one.starts_at) <= at) && (!one.ends_at || Date.parse(one.ends_at) > at)
/** The flash prices of a product that are not over. */
export const flashOf = (product: string, at: number): FlashLabel[] => (deals.value?.flash ?? []).filter((one) => one.product_id === product && (!one.ends_at || Date.parse(one.ends_at) > at)).map((one) => ({ ...one, soon: !running(one, at) }))

/** How long it still is: days, or a clock. */
export function left(until: string, at: number): string {
  const rest = Date.parse(until) - at
  return rest >= 2 * DAY_MILLISECONDS ? f('days', { n: Math.floor(rest / DAY_MILLISECONDS) }) : clock(rest)
}
/** When a sale that is announced begins: the day, or on the day itself the clock that runs down. */
export const begins = (from: string, at: number): string => (Date.parse(from) - at > DAY_MILLISECONDS ? f('at', { time: when(from).slice(5) }) : f('begins', { time: left(from, at) }))
export const before = (from: string | null | undefined, at: number): boolean => Boolean(from && Date.parse(from) > at)

/** What a card says over its picture, and what it costs at this moment. */
export function label(card: ProductCard, at: number): { text: string; flash: FlashLabel | null; dark: boolean } {
  if (before(card.on_sale_from, at)) return { text: begins(card.on_sale_from!, at), flash: null, dark: true }
  const on = flashOf(card.id, at).sort((one, other) => Number(one.soon) - Number(other.soon) || one.price_fen - other.price_fen)[0]
  if (!on) return { text: '', flash: null, dark: false }
  if (on.soon) return { text: f('soon', { time: when(on.starts_at).slice(5) }), flash: null, dark: true }
  return { text: on.ends_at ? f('ends', { time: left(on.ends_at, at) }) : f('ends', { time: '' }).trim(), flash: on, dark: false }
}
