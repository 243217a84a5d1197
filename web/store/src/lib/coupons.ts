// Taking a coupon.
import { shallowReactive } from 'vue'
import { t } from './env'
import { api, toast } from './http'

/** Coupons taken since the page was opened, so that their buttons say so at once. */
export const taken = shallowReactive(new Set<string>())

/** Take a coupon; the server says when there are none left or it was taken before. */
export async function claim(id: string): Promise<void> {
  await api('POST', `/coupons/${id}/claims`, {})
  taken.add(id)
  toast(t('coupon.claimed'))
}
