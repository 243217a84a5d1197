/** What a draft refers to, looked up for the preview as the server would for the published page. */
import type { Coupon as StoreCoupon, Picture, ProductCard, Resolved } from '@shared/api'
import type { Block, PageDoc } from '@shared/blocks'
import { api } from '@/api/http'
import type { Coupon, Page, ProductRow } from '@/api/types'
import { pictureUrl } from '@/lib/media'
import { pageOf } from '@/lib/read'

const cards = new Map<string, Promise<ProductRow[]>>()
let coupons: Promise<Coupon[]> | null = null

function picture(id: string): Picture {
  return { id, url: pictureUrl(id, 750), width: 750, height: 360 }
}

function rowsOf(query: Record<string, string | number | undefined>) {
  const key = JSON.stringify(query)
  let found = cards.get(key)
  if (!found) {
    found = api.get<Page<ProductRow>>('/products', { state: 'on', limit: 50, ...query }).then((page) => page.items, () => [])
    cards.set(key, found)
  }
  return found
}

async function cardsOf(block: Block): Promise<ProductCard[]> {
  if (block.type !== 'goods') return []
  const { source } = block
  const limit = source.by === 'ids' ? 50 : (source.limit ?? 6)
  const rows = await rowsOf(source.by === 'category' ? { category: source.category_id } : source.by === 'group' ? { group: source.group_id } : {})
  const chosen = source.by === 'ids' ? source.ids.flatMap((id) => rows.filter((row) => row.id === id)) : rows
  const sorted = source.by === 'auto' && source.sort === 'sales' ? [...chosen].sort((a, b) => (b.sold ?? 0) - (a.sold ?? 0)) : chosen
  return sorted.slice(0, limit).map((row) => ({
    id: row.id, title: row.title, price_fen: row.price_fen, sold: row.sold, sold_out: row.stock <= 0,
    picture: row.picture ? { id: '', width: 750, height: 750, url: pictureUrl(row.picture, 750) } : null,
  }))
}

export async function resolve(doc: PageDoc): Promise<Resolved> {
  coupons ??= api.get<Page<Coupon> | Coupon[]>('/coupons').then((answer) => pageOf(answer).items, () => [])
  const media: Resolved['media'] = {}
  const products: Resolved['products'] = {}
  const shown: Resolved['coupons'] = {}
  for (const block of doc.blocks) {
    if (block.type === 'banner') for (const slide of block.slides) if (slide.media_id) media[slide.media_id] = picture(slide.media_id)
    if (block.type === 'goods') products[block.id] = await cardsOf(block)
    if (block.type === 'coupon') {
      const found = (await coupons).find((one) => one.id === block.coupon_id)
      if (found) shown[found.id] = { ...found, left: found.total - (found.claimed ?? 0), mine: 0 } as StoreCoupon
    }
  }
  return { media, products, coupons: shown }
}

export function forgetResolved() {
  cards.clear()
  coupons = null
}
