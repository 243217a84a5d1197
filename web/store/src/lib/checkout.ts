// From a quote to a paid order.
import type { Order, OrderAsk, PayParams } from '@shared/api'
import { cart } from './cart'
import { t } from './env'
import { api, Refused, toast } from './http'
import { become } from './nav'
import { outside } from './session'
import { inWechat, pay } from './wechat'

/** Place the order under the page's own id: sent twice, it is still one order. */
export async function place(id: string, ask: OrderAsk): Promise<Order> {
  const order = await api<Order>('PUT', `/orders/${id}`, ask)
  cart.value = null
  return order
}

/** Pay an order in WeChat's cashier, then show what became of it. */
export async function settle(id: string, state = 'unpaid', what = 'payment'): Promise<void> {
  if (state !== 'unpaid') return become('paid', { id }) // the balance paid it when it was placed
  if (!(await inWechat())) {
    outside.value = true
    return become('order', { id })
  }
  const params = await api<PayParams | { state: string }>('POST', `/orders/${id}/${what}`, {}).catch((fault) => {
    // Paid whole from the balance when it was placed, or on another screen meanwhile.
    if (fault instanceof Refused && fault.code === 'order.already_paid') return { state: 'paid' }
    throw fault
  })
  if (!('package' in params)) return become('paid', { id })
  const outcome = await pay(params)
  if (outcome === 'ok') return become('paid', { id })
  toast(t(outcome === 'cancel' ? 'pay.cancel' : 'pay.fail'))
  become('order', { id })
}
