// Finding goods: the search's own texts, its questions to the server, and suggestions while somebody types.
import { ref, shallowRef } from 'vue'
import type { Listing, ProductCard } from '@shared/api'
import { translator } from '@shared/t'
import { lang } from './env'
import { get } from './http'

export type Sort = 'relevance' | 'sold' | 'price_up' | 'price_down' | 'new'
export interface Filter { category: string; tag: string; least_fen: number | null; most_fen: number | null; in_stock: boolean; sort: Sort }
export interface Choice { value: string; name: string; count: number }
export interface Band { least_fen: number; most_fen: number | null; count: number }
export interface Counts { categories: Choice[]; tags: Choice[]; prices: Band[]; in_stock: number; total: number; more: boolean }
export interface Found { items: ProductCard[]; total: number; more: boolean; next: number | null; near: ProductCard[]; words: string[] }
export interface Suggestions { words: string[]; goods: { id: string; title: string }[] }

export const nothing = (): Filter => ({ category: '', tag: '', least_fen: null, most_fen: null, in_stock: false, sort: 'relevance' })

/** How many filters are set; the order is none. */
export const chosen = (filter: Filter): number => [filter.category, filter.tag, filter.least_fen !== null || filter.most_fen !== null, filter.in_stock].filter(Boolean).length

const said = (filter: Filter) => ({ ...filter, in_stock: filter.in_stock || null })
export const count = (q: string, filter: Filter): Promise<Counts> => get<Counts>('/search/filters', { q, ...said({ ...filter }), sort: null })

/** What was found so far; `last` keeps what else the first page said. */
export function useFound() {
  const last = shallowRef<Found | null>(null)
  const ask = async (q: string, filter: Filter, after: string | null): Promise<Listing<ProductCard>> => {
    const found = await get<Found>('/search', { q, ...said(filter), after })
    if (!after) last.value = found
    return { items: found.items, next: found.next === null ? null : String(found.next) }
  }
  return { last, ask }
}

const PAUSE_MILLISECONDS = 220

/** Suggest after a short pause; an answer to what is no longer typed is dropped. */
export function useSuggestions() {
  const shown = shallowRef<Suggestions>({ words: [], goods: [] })
  const typed = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  function type(text: string): void {
    typed.value = text
    clearTimeout(timer)
    if (!text.trim()) {
      shown.value = { words: [], goods: [] }
      return
    }
    timer = setTimeout(async () => {
      try {
        const found = await get<Suggestions>('/search/suggestions', { q: text })
        if (typed.value === text) shown.value = found
      } catch {
        // suggestions are a comfort: without them one types on
      }
    }, PAUSE_MILLISECONDS)
  }
  return { shown, typed, type }
}

export const say = translator({
  'hot': ['热门搜索', 'Popular searches'], 'filter': ['筛选', 'Filter'], 'reset': ['重置', 'Reset'], 'show': ['查看 {n} 件商品', 'Show {n} {n?product|products}'], 'show.all': ['查看商品', 'Show the goods'],
  'category': ['分类', 'Category'], 'tag': ['标签', 'Tag'], 'price': ['价格', 'Price'], 'stock': ['仅看有货', 'In stock only'],
  'relevance': ['综合', 'Best match'], 'sold': ['销量', 'Sales'], 'price.sort': ['价格', 'Price'], 'new': ['新品', 'New'],
  'up': ['从低到高', 'low to high'], 'down': ['从高到低', 'high to low'],
  'total': ['共 {n} 件商品', '{n} {n?product|products}'], 'total.more': ['{n}+ 件商品', '{n}+ goods'], 'meant': ['你是不是要找', 'Did you mean'],
  'near': ['为你找到相近的商品', 'Goods that come near'], 'none': ['没有找到「{q}」', 'Nothing found for “{q}”'], 'none.filter': ['没有符合条件的商品', 'No goods fit these filters'],
  'none.tip': ['换个词，或减少筛选条件试试', 'Try another word or fewer filters'], 'over': ['{from} 元以上', 'from ¥{from}'], 'between': ['{from}–{to} 元', '¥{from}–{to}'],
}, () => lang.value)
