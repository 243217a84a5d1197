// Taking a coupon.
import { shallowReactive } from 'vue'
import type { MyCoupon } from '@shared/api'
import { t } from './env'
import { api, bare, Refused, toast, token } from './http'
import { wishing } from './wish'

/** Coupons taken since the page was opened, so that their buttons say so at once. */
export const taken = shallowReactive(new Set<string>())

/** Take a coupon; the server says when there are none left or it was taken before. */
export async function claim(id: string): Promise<void> {
  try {
    await wishing({ claim: id }, () => api('POST', `/coupons/${id}/claims`, {}))
  } catch (fault) {
    if (fault instanceof Refused && fault.code === 'coupon.enough') taken.add(id)
    throw fault
  }
  taken.add(id)
  toast(t('coupon.claimed'))
}

/** Mark what the visitor holds already; the page itself is the same for everybody. */
export async function lookTaken(): Promise<void> {
  if (!token.get()) return
  const mine = await bare<MyCoupon[] | { items: MyCoupon[] }>({ method: 'GET', path: '/coupons', quiet: true }).catch(() => [])
  for (const one of Array.isArray(mine) ? mine : mine.items) if (one.coupon_id) taken.add(one.coupon_id)
}
