/** The order list's filters: as they stand in the address, as the server reads them, and as a view keeps them. */
import { dayStart } from '@/lib/time'

export const NONE = { state: '', q: '', from: '', to: '', delivery: '', refund: '', coupon: '', noted: '', least: '', most: '' }
export type OrderFilters = typeof NONE

export interface KeptFilters {
  stage?: string
  text?: string
  delivery?: string
  refund?: string
  coupon?: boolean | null
  noted?: boolean | null
  least_fen?: number | null
  most_fen?: number | null
}
export interface OrderView {
  id: string
  staff_id: string | null
  name: string
  filters: KeptFilters
}

const fen = (yuan: string) => (yuan === '' || Number.isNaN(Number(yuan)) ? undefined : Math.round(Number(yuan) * 100))
const yuan = (fen: number | null | undefined) => (fen === null || fen === undefined ? '' : String(fen / 100))

export function asked(filters: OrderFilters) {
  const { least, most, from, to, ...rest } = filters
  return { ...rest, least_fen: fen(least), most_fen: fen(most), from: from && dayStart(from), to: to && dayStart(to, 1) }
}

export function kept(filters: OrderFilters): KeptFilters {
  const { state, q, delivery, refund, coupon, noted, least, most } = filters
  return {
    stage: state,
    text: q,
    delivery,
    refund,
    ...(coupon && { coupon: true }),
    ...(noted && { noted: true }),
    ...(least && { least_fen: fen(least) }),
    ...(most && { most_fen: fen(most) }),
  }
}

export function shown(view: KeptFilters): Partial<OrderFilters> {
  return {
    ...NONE,
    state: view.stage ?? '',
    q: view.text ?? '',
    delivery: view.delivery ?? '',
    refund: view.refund ?? '',
    coupon: view.coupon ? 'true' : '',
    noted: view.noted ? 'true' : '',
    least: yuan(view.least_fen),
    most: yuan(view.most_fen),
  }
}

/** Whether the list shows just what a view keeps; the dates are not the view's. */
export function same(filters: OrderFilters, view: KeptFilters) {
  const wanted: Record<string, string> = { ...NONE, ...shown(view), from: filters.from, to: filters.to }
  return Object.entries(filters).every(([key, value]) => wanted[key] === value)
}
