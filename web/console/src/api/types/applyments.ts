/** Applying for a merchant number at WeChat Pay. What is about people comes back masked, and is empty in the form. */
export type ApplymentState = 'draft' | 'sending' | 'bounced' | 'auditing' | 'rejected' | 'confirming' | 'signing' | 'opening' | 'finished' | 'cancelled'
export type Subject = 'individual' | 'enterprise'

export interface Form {
  subject: Subject
  owner: boolean
  by_legal: boolean
  has_store: boolean
  personal_account: boolean
  needs_branch: boolean
  qualification_type: string
  bank_alias: string
  bank_alias_code: string
  account_bank: string
  bank_branch_id: string
  bank_name: string
  merchant_name: string
  [text: string]: string | boolean
}
export interface Flaw { field: string; name: string; reason: string }
export interface FieldProblem { field: string; code: string }
export interface Shot { id: string; slot: string; bytes: number }

export interface ApplymentView {
  id: string
  state: ApplymentState
  rev: number
  form: Form | null
  masked: Record<string, string>
  account_name: string
  pictures: Shot[]
  problems: FieldProblem[]
  flaws: Flaw[]
  message: string
  business_code: string
  wx_number: string
  sign_url: string
  sign_svg: string
  sub_mchid: string
  saved_at: string
  sent_at: string | null
  moved_at: string
  looked_at: string | null
  ended_at: string | null
  forget_at: string | null
  forgotten_at: string | null
}
export interface ApplymentHead { id: string; state: ApplymentState; short_name: string; sub_mchid: string; created_at: string; moved_at: string; ended_at: string | null }
export interface Industry { name: string; en: string; needs: 'none' | 'may' | 'must'; zh_hint: string; en_hint: string }
export interface ApplymentRules {
  ready: boolean
  rate_per_myriad: number
  industries: Record<Subject, Industry[]>
  sources: string[]
  keeping: string[]
  kept_after_end_days: number
  kept_untouched_days: number
}
export interface Bank { alias: string; code: string; account_bank: string; needs_branch: boolean }
export interface BankPlace { code: string; name: string }
export interface ApplymentLine { id: string; merchant_id: string; merchant: string; state: ApplymentState; subject: Subject; short_name: string; business_code: string; wx_number: string; sub_mchid: string; created_at: string; sent_at: string | null; moved_at: string; looked_at: string | null }
