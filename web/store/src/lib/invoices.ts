// Invoices: what the API says, and its words.
import { translator } from '@shared/t'
import { lang, slug, t } from './env'
import { Refused, token } from './http'

export interface Invoice {
  id: string; number: string; state: 'asked' | 'issued' | 'refused' | 'withdrawn' | 'red_owed' | 'reversed'; kind: 'person' | 'company'; title: string; tax_number: string; email: string
  amount_fen: number; asked_at: string; issued_at: string | null; reason: string; invoice_number: string; link: string; has_file: boolean
}
export interface OrderInvoices { may_ask: boolean; amount_fen: number; items: Invoice[] }

export const v = translator({
  title: ['发票', 'Invoice'], ask: ['申请发票', 'Ask for an invoice'], amount: ['可开票金额', 'Amount'], kind: ['抬头类型', 'Made out to a'], person: ['个人', 'person'], company: ['企业', 'company'],
  name: ['发票抬头', 'Made out to'], nameHint: ['姓名或企业全称', 'Name of the person or company'], tax: ['税号', 'Tax number'], taxHint: ['统一社会信用代码', 'Unified social credit code'], email: ['邮箱', 'E-mail'], emailHint: ['接收电子发票', 'Where it is sent'],
  send: ['提交申请', 'Send'], sent: ['申请已提交，商家会尽快开具', 'Sent; the shop will issue it'], withdraw: ['撤回申请', 'Take it back'], withdrawn_done: ['已撤回', 'Taken back'], nothing: ['该订单没有可开票的金额', 'There is nothing to be invoiced on this order'],
  asked: ['待商家开具', 'The shop has to issue it'], issued: ['已开具', 'Issued'], refused: ['商家已拒绝', 'Refused'], withdrawn: ['已撤回', 'Taken back'], red_owed: ['退款后待红冲', 'To be reversed after a refund'], reversed: ['已红冲', 'Reversed'],
  number: ['发票号码', 'Number'], open: ['下载发票 PDF', 'Download the PDF'], copyLink: ['复制下载链接', 'Copy the link'], reason: ['原因', 'Why'], copied: ['已复制', 'Copied'],
}, () => lang.value)

/** Fetch a file of one's own, and save it (a browser) or show it (the mini program). */
export function download(path: string, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    uni.downloadFile({
      url: `/api/store/${encodeURIComponent(slug)}${path}`,
      header: { Authorization: `Bearer ${token.get() ?? ''}` },
      success: ({ statusCode, tempFilePath }) => {
        if (statusCode !== 200) return reject(new Refused(statusCode, `http.${statusCode}`, t('error.server')))
        // #ifdef H5
        Object.assign(document.createElement('a'), { href: tempFilePath, download: name }).click()
        // #endif
        // #ifndef H5
        void uni.openDocument({ filePath: tempFilePath, fileType: 'pdf' })
        // #endif
        resolve()
      },
      fail: () => reject(new Refused(0, 'network', t('error.network'))),
    })
  })
}
