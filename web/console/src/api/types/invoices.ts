/** Invoices that customers asked for. */
export type InvoiceState = 'asked' | 'issued' | 'refused' | 'withdrawn' | 'red_owed' | 'reversed'

export interface Invoice {
  id: string
  number: string
  order_id: string
  order_number: string
  state: InvoiceState
  kind: 'person' | 'company'
  title: string
  tax_number: string
  email: string
  amount_fen: number
  asked_at: string
  issued_at: string | null
  reason: string
  invoice_number: string
  link: string
  has_file: boolean
  red_fen: number
  red_number: string
}

export interface OrderInvoices {
  may_ask: boolean
  amount_fen: number
  items: Invoice[]
}
