/** Kinds of goods: their terms, tickets, codes, and the parts of an order. */

export interface Visits {
  days?: number | null
  from_day?: string | null
  until_day?: string | null
  uses?: number
  closed_weekdays?: number[]
  closed_hours?: [string, string][]
  refund?: 'anytime' | 'unexpired' | 'never'
  note?: string
  unlimited?: boolean
}

export interface VirtualTerms {
  refund?: 'unseen' | 'never'
  note?: string
}

export interface BundleTerms {
  parts?: { variant_id: string; quantity: number }[]
}

/** What is in a bundle, as the server names it. */
export interface BundlePart {
  variant_id: string
  product_id: string
  title: string
  options: string[]
  quantity: number
  price_fen: number
  kind: string
}

export interface TicketRow {
  id: string
  order_id: string
  line_id: string
  kind: 'ticket' | 'service'
  title: string
  options: string[]
  code: string
  uses: number
  used: number
  state: string
  terms: Visits
  valid_from: string
  valid_until: string
  issued_at: string
  ended_at: string | null
}

export interface TicketUse {
  id: string
  count: number
  at: string
  undone_at: string | null
  undoable: boolean
}

/** A ticket at the counter. */
export interface CounterTicket {
  ticket: TicketRow
  number: string
  buyer: string
  left: number
  why: string | null
  log: TicketUse[]
}

export interface CodeCount {
  variant_id: string
  options: string[]
  free: number
  given: number
}

export interface CodeRow {
  id: string
  hint: string
  state: string
  added_at: string
  order_id: string | null
  given_at: string | null
  revealed_at: string | null
}

/** What a part owes for a line; of a bundle, one of its goods. `left` were not given back. */
export interface PartItem {
  line_id: string
  variant_id: string
  title: string
  options: string[]
  kind: string
  quantity: number
  paid_fen: number
  left: number
}

export interface OrderPart {
  fulfilment: string
  state: string
  ended_at: string | null
  items: PartItem[]
}

export interface OrderCode {
  id: string
  line_id: string
  hint: string
  given_at: string | null
  revealed_at: string | null
}
