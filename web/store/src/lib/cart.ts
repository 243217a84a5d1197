// The cart, kept between pages so that the badge and the tab show at once.
import { computed, shallowRef } from 'vue'
import type { Cart, CartLine } from '@shared/api'
import { api, bare, token } from './http'
import { wishing } from './wish'

export const cart = shallowRef<Cart | null>(null)
export const count = computed(() => cart.value?.lines.reduce((sum, line) => sum + line.quantity, 0) ?? 0)

export async function load(): Promise<void> {
  cart.value = await api<Cart>('GET', '/cart')
}

/** Look at the cart for the badge, but never send anybody to the log-in for it. */
export async function peek(): Promise<void> {
  if (!token.get() || cart.value) return
  try {
    cart.value = await bare<Cart>({ method: 'GET', path: '/cart', quiet: true })
  } catch {
    // no badge then
  }
}

/** Set the quantity and the tick of one line; the answer may be the whole cart. */
export async function put(variant_id: string, quantity: number, selected = true): Promise<void> {
  const answer = await api<Cart | null>('PUT', `/cart/lines/${variant_id}`, { quantity, selected })
  if (answer && 'lines' in answer) cart.value = answer
  else await load()
}

/** Put so many more of a variant into the cart. */
export function add(variant: string, quantity: number): Promise<void> {
  return wishing({ add: { variant, quantity } }, async () => {
    if (!cart.value) await load()
    const known = cart.value?.lines.find((line) => line.variant_id === variant)
    await put(variant, quantity + (known?.quantity ?? 0))
  })
}

export async function drop(line: CartLine): Promise<void> {
  await api('DELETE', `/cart/lines/${line.variant_id}`)
  await load()
}

/** Show a change before the server has answered. */
export function guess(variant_id: string, change: Partial<CartLine> | null): void {
  if (!cart.value) return
  const lines = cart.value.lines.flatMap((line) => (line.variant_id !== variant_id ? [line] : change ? [{ ...line, ...change }] : []))
  cart.value = { ...cart.value, lines }
}
