/** A promotion that is being written: how it begins, and what is sent. */
import type { PromotionAsked, PromotionKind, PromotionView } from '@/api/types'

export function blank(kind: PromotionKind): PromotionAsked {
  const steps: Record<string, PromotionAsked['steps']> = {
    full: [{ min_fen: 20000, minus_fen: 3000 }], percent: [{ min_pieces: 2, percent: 90 }], gift: [{ min_fen: 20000, gifts: [] }],
    addon: [{ min_fen: 10000 }], free_freight: [{ min_fen: 9900 }],
  }
  return {
    kind, name: '', scope: { kind: 'all', ids: [] }, steps: steps[kind] ?? [], each: false, most: null, pieces: kind === 'nth' ? 2 : kind === 'n_for' ? 3 : 0,
    price_fen: kind === 'n_for' ? 9900 : 0, percent: kind === 'nth' ? 50 : 100, specials: [], members_only: false, audience: [], starts_at: null, ends_at: null, hours: [],
    per_person: null, budget: null, group: '', stacks_with: kind === 'flash' ? [] : kind === 'group' ? ['promotions', 'coupons'] : ['coupons', 'member'], position: 0,
  }
}

/** What is sent back: the words of the promotion, and which state of it they change. */
export function asked(view: PromotionView): PromotionAsked {
  const { id: _, ...words } = view.promotion
  return { ...blank(words.kind), ...words, steps: words.steps.map((step) => ({ ...step })), version: view.version }
}

export function toSend(form: PromotionAsked): PromotionAsked {
  return { ...form, name: form.name.trim(), group: form.group.trim(), each: form.each && form.steps.length === 1 }
}
