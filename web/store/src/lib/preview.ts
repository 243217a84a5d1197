// The console's live preview: the real store in an iframe, drafts by message, block places back.
import { nextTick, ref, shallowRef } from 'vue'
import type { Listing, ProductCard, Resolved } from '@shared/api'
import type { Block, FromStore, PageDoc, ToStore } from '@shared/blocks'
import { boot } from './boot'
import { previewing } from './env'
import { get } from './http'

export const draft = shallowRef<{ doc: PageDoc; resolved: Resolved } | null>(null)
export const selected = ref<string | null>(null)
const EMPTY: Resolved = { media: {}, products: {}, coupons: {} }

/** Fetch what a draft's goods block shows when the console did not send it along. */
async function cards(block: Block, known: Resolved): Promise<ProductCard[]> {
  if (block.type !== 'goods') return []
  if (known.products[block.id]) return known.products[block.id]!
  const { source } = block
  const query = source.by === 'ids' ? { ids: source.ids.join(',') } : source.by === 'category' ? { category: source.category_id, limit: source.limit } : source.by === 'group' ? { group: source.group_id } : { sort: source.sort, limit: source.limit }
  return get<Listing<ProductCard>>('/products', query).then((found) => found.items, () => [])
}

/** Post a tap on a block to the console. */
export function pick(id: string): void {
  if (previewing) tell({ ts: 'pick', id })
}

const origin = () => (boot.value?.console_origin ?? '').replace(/\/+$/, '')

function tell(message: FromStore): void {
  // #ifdef H5
  if (origin()) window.parent.postMessage(message, origin())
  // #endif
}

/** Listen for drafts; returns the function that stops. */
export function listen(): () => void {
  // #ifdef H5
  if (previewing) {
    const measure = () => {
      const blocks = Array.from(document.querySelectorAll<HTMLElement>('[id^="b-"]'))
      const rects = blocks.map((block) => ({ id: block.id.slice(2), top: block.getBoundingClientRect().top + window.scrollY, height: block.offsetHeight }))
      tell({ ts: 'rects', rects, height: document.documentElement.scrollHeight })
    }
    const watcher = new ResizeObserver(() => measure())
    const hear = async (event: MessageEvent) => {
      const message = event.data as ToStore<Resolved> | null
      if (event.source !== window.parent || event.origin !== origin() || message?.ts !== 'draft') return
      selected.value = message.selected ?? null
      const known = { ...EMPTY, ...boot.value?.home.resolved, ...message.resolved }
      const lists = await Promise.all(message.doc.blocks.map((block) => cards(block, known)))
      const products = Object.fromEntries(message.doc.blocks.map((block, index) => [block.id, lists[index]!]))
      draft.value = { doc: message.doc, resolved: { ...known, products } }
      await nextTick()
      measure()
    }
    window.addEventListener('message', hear)
    watcher.observe(document.body)
    tell({ ts: 'ready' })
    return () => { window.removeEventListener('message', hear); watcher.disconnect() }
  }
  // #endif
  return () => undefined
}
