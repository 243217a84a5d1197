// What a visitor wanted when the log-in came between: done once he is back, and forgotten after five minutes.
import type { Cart } from '@shared/api'
import { keep, kept, t } from './env'
import { bare, toast } from './http'

interface Wish { add?: { variant: string; quantity: number }; claim?: string }
const LIFE_MILLISECONDS = 300_000

/** Do the work; when it has to leave for the log-in, the wish stays behind. */
export async function wishing<T>(wish: Wish, work: () => Promise<T>): Promise<T> {
  keep('wish', { ...wish, at: Date.now() })
  try {
    return await work()
  } finally {
    keep('wish', null)
  }
}

/** Do what was wished for, after the log-in; a refusal leaves the page as it is, to be tapped again. */
export async function fulfil(): Promise<void> {
  const wish = kept<Wish & { at: number }>('wish')
  keep('wish', null)
  if (!wish || Date.now() - wish.at > LIFE_MILLISECONDS) return
  try {
    if (wish.claim) await bare({ method: 'POST', path: `/coupons/${wish.claim}/claims`, data: {}, quiet: true })
    if (wish.add) await more(wish.add.variant, wish.add.quantity)
    toast(t(wish.claim ? 'coupon.claimed' : 'product.added'))
  } catch {
    // nothing was promised
  }
}

async function more(variant: string, quantity: number): Promise<void> {
  const cart = await bare<Cart>({ method: 'GET', path: '/cart', quiet: true })
  const known = cart.lines.find((line) => line.variant_id === variant)?.quantity ?? 0
  await bare({ method: 'PUT', path: `/cart/lines/${variant}`, data: { quantity: quantity + known, selected: true }, quiet: true })
}
