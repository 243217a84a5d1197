import { words } from '@/lib/words'
import type { Tone } from '@/ui/Tag.vue'
import type { InvoiceState } from '@/api/types/invoices'

export const t = words({
  title: ['发票', 'Invoices'], hint: ['顾客在订单里申请；用开票软件开好后，在这里上传 PDF 或填发票号码、链接', 'Customers ask on their orders; issue with your tax software, then bring the PDF, its number or a link here'], state: ['状态', 'State'], all: ['全部', 'All'],
  asked: ['待开票', 'To issue'], issued: ['已开具', 'Issued'], refused: ['已拒绝', 'Refused'], withdrawn: ['已撤回', 'Withdrawn'], red_owed: ['待红冲', 'Red letter owed'], reversed: ['已红冲', 'Reversed'],
  to: ['抬头', 'Made out to'], person: ['个人', 'Person'], company: ['企业', 'Company'], amount: ['开票金额', 'Amount'], order: ['订单', 'Order'], askedAt: ['申请时间', 'Asked'], tax: ['税号 {n}', 'Tax number {n}'],
  none: ['还没有开票申请', 'Nobody asked for an invoice yet'], noneText: ['顾客付款后一年内可以在订单页申请发票。', 'Customers may ask on an order within a year of paying.'],
  issue: ['开具', 'Issue'], change: ['修改', 'Change'], refuse: ['拒绝', 'Refuse'], refuseAsk: ['拒绝这张开票申请？', 'Refuse this request?'], refuseText: ['顾客会看到原因，改正后可以重新申请。', 'The customer sees why, and may ask again.'], reason: ['原因', 'Reason'], refusedDone: ['已拒绝，顾客会收到通知', 'Refused; the customer is told'],
  reverse: ['登记红冲', 'Enter red letter'], reverseAsk: ['登记红字发票', 'Enter the red letter'], reverseText: ['这张发票开具后退了 {m}。请先在开票软件里全额红冲，再填红字发票号码；剩余金额顾客可重新申请。', '{m} went back after this invoice was issued. Reverse it in your tax software, then enter the number of the red letter; for the rest the customer may ask again.'], redNumber: ['红字发票号码', 'Number of the red letter'], reversedDone: ['已登记红冲', 'Reversed'], owed: ['退款 {m}，需红冲', '{m} refunded: red letter owed'],
  issueTitle: ['开具发票', 'Issue the invoice'], number: ['发票号码', 'Invoice number'], link: ['下载链接', 'Link'], linkHint: ['https:// 开头', 'Begins with https://'], file: ['发票 PDF', 'PDF of the invoice'], pick: ['选择 PDF', 'Choose a PDF'], replace: ['更换 PDF', 'Replace the PDF'], kept: ['已上传', 'Uploaded'], one: ['号码、链接、PDF 至少填一项；顾客会收到通知并能在订单里查看。', 'At least one of number, link and PDF. The customer is told and sees it on the order.'], done: ['已开具，顾客会收到通知', 'Issued; the customer is told'], fileDone: ['PDF 已保存', 'PDF kept'], quit: ['取消', 'Cancel'], open: ['查看 PDF', 'Open the PDF'], openLink: ['打开链接', 'Open the link'], red: ['红字号码 {n}', 'Red letter {n}'], copyAll: ['复制开票信息', 'Copy what to write'], copied: ['已复制', 'Copied'],
})
export const TONES: Record<InvoiceState, Tone> = { asked: 'busy', issued: 'good', refused: 'off', withdrawn: 'off', red_owed: 'bad', reversed: 'plain' }
