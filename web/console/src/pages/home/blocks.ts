/** Making, naming and checking blocks; the server validates again. */
import type { Block, Link, PageDoc } from '@shared/blocks'
import { blockId } from '@/lib/id'
import { say } from '@/lib/words'
import { t, typeOf } from './words'

export function fresh(type: Block['type']): Block {
  const id = blockId()
  if (type === 'banner') return { id, type, slides: [{ media_id: '', link: null }] }
  if (type === 'goods') return { id, type, title: '', source: { by: 'auto', sort: 'new', limit: 6 }, layout: 'grid' }
  if (type === 'coupon') return { id, type, coupon_id: '' }
  return { id, type: 'text', text: '', align: 'left' }
}

/** One line that tells this block from its neighbours. */
export function summary(block: Block): string {
  if (block.type === 'banner') return t('slides') + ' × ' + block.slides.length
  if (block.type === 'goods') return block.title || (block.source.by === 'auto' ? (block.source.sort === 'sales' ? t('sales') : t('newest')) : block.source.by === 'ids' ? t('byIds') : t('byCategory'))
  if (block.type === 'text') return block.text.split('\n')[0] ?? ''
  return say(typeOf(block.type).text)
}

function whole(link: Link | null | undefined): boolean {
  if (!link) return true
  if (link.kind === 'url') return /^https:\/\/[^\s]+$/.test(link.url)
  if (link.kind === 'product') return Boolean(link.product_id)
  if (link.kind === 'category') return Boolean(link.category_id)
  if (link.kind === 'coupon') return Boolean(link.coupon_id)
  return true
}

/** The first thing that keeps a page from being published, with the block it is in. */
export function firstFault(doc: PageDoc): { id: string; text: string } | null {
  for (const block of doc.blocks) {
    if (block.type === 'banner' && block.slides.some((slide) => !slide.media_id)) return { id: block.id, text: t('needPicture') }
    if (block.type === 'banner' && !block.slides.every((slide) => whole(slide.link))) return { id: block.id, text: t('needUrl') }
    if (block.type === 'coupon' && !block.coupon_id) return { id: block.id, text: t('needCoupon') }
    if (block.type === 'goods' && block.source.by === 'category' && !block.source.category_id) return { id: block.id, text: t('needCategory') }
  }
  return null
}

/** What the store can draw: unfinished blocks are left out of the preview instead of breaking it. */
export function drawable(doc: PageDoc): PageDoc {
  const blocks = doc.blocks.map((block) => (block.type === 'banner' ? { ...block, slides: block.slides.filter((slide) => slide.media_id) } : block))
  return { ...doc, blocks }
}
