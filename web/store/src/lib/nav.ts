// Moving between pages; links of page blocks never carry a raw path.
import type { Link } from '@shared/blocks'
import { attempt } from './http'

export type Tab = 'index' | 'category' | 'cart' | 'me'

/** Open one of the four tabs; the pages under it are dropped. */
export function tab(name: Tab): void {
  void uni.reLaunch({ url: `/pages/${name}/${name}` })
}

/** Open a page on top of this one. */
export function open(name: string, query: Record<string, string | number> = {}): void {
  void uni.navigateTo({ url: address(name, query) })
}

/** Put a page in place of this one. */
export function become(name: string, query: Record<string, string | number> = {}): void {
  void uni.redirectTo({ url: address(name, query) })
}

/** Go back, or home when the page was opened directly. */
export function back(): void {
  if (getCurrentPages().length > 1) void uni.navigateBack({ delta: 1 })
  else tab('index')
}

function address(name: string, query: Record<string, string | number>): string {
  const tail = Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')
  return `/pages/${name}/${name}${tail ? `?${tail}` : ''}`
}

const TABS: Record<string, Tab> = { home: 'index', category: 'category', cart: 'cart', me: 'me' }

/** Follow the link of a block. */
export function follow(link: Link | null | undefined): void {
  if (!link) return
  if (link.kind === 'product') open('product', { id: link.product_id })
  else if (link.kind === 'category') void uni.reLaunch({ url: `/pages/category/category?id=${link.category_id}` })
  else if (link.kind === 'coupon') void attempt(async () => (await import('./coupons')).claim(link.coupon_id))
  else if (link.kind === 'page') TABS[link.page] ? tab(TABS[link.page]!) : open(link.page)
  // #ifdef H5
  else if (link.kind === 'url' && /^https:\/\//.test(link.url)) location.assign(link.url)
  // #endif
}
