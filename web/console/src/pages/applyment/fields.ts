/** What is asked for, step by step; names are WeChat's own, so that its reviewer's words find their field. */
import type { Form, Industry } from '@/api/types/applyments'
import type { Pair } from '@/lib/words'

export type Kind = 'text' | 'secret' | 'day' | 'end' | 'picture' | 'choice' | 'industry' | 'area' | 'bank' | 'told'
export interface Field {
  name: string
  kind: Kind
  label: Pair
  hint?: Pair
  /** Pictures that go here. */
  most?: number
  longest?: number
  optional?: boolean
  options?: { value: string | boolean; label: Pair; text?: Pair }[]
  show?: (form: Form, industry: Industry | undefined) => boolean
}
export interface Step { key: string; label: Pair; title: Pair; text: Pair; fields: Field[] }

const company = (form: Form) => form.subject === 'enterprise'
const somebodyElse = (form: Form) => company(form) && !form.owner
const sent = (form: Form) => !form.by_legal
const store = (form: Form) => form.has_store
const shot = (name: string, label: Pair, more: Partial<Field> = {}): Field => ({ name, kind: 'picture', label, most: 1, ...more })
const text = (name: string, label: Pair, more: Partial<Field> = {}): Field => ({ name, kind: 'text', label, ...more })
const secret = (name: string, label: Pair, more: Partial<Field> = {}): Field => ({ name, kind: 'secret', label, ...more })
const begin = (name: string, more: Partial<Field> = {}): Field => ({ name, kind: 'day', label: ['有效期开始', 'Valid from'], ...more })
const end = (name: string, more: Partial<Field> = {}): Field => ({ name, kind: 'end', label: ['有效期结束', 'Valid until'], ...more })

export const STEPS: Step[] = [
  {
    key: 'licence', label: ['主体', 'Business'], title: ['营业执照', 'Licence'], text: ['请与执照上的文字完全一致，一个字、一个括号都不要改。', 'Exactly as it stands on the licence, to the last bracket.'],
    fields: [
      { name: 'subject', kind: 'choice', label: ['主体类型', 'Kind'], options: [
        { value: 'individual', label: ['个体工商户', 'Individual business'], text: ['执照类型写着“个体工商户”', 'The licence says “个体工商户”'] },
        { value: 'enterprise', label: ['企业', 'Enterprise'], text: ['公司、合伙企业等', 'Company, partnership, …'] },
      ] },
      shot('license_copy', ['营业执照照片', 'Licence'], { hint: ['原件彩色照片，四角完整，文字清晰', 'The original in colour, all four corners'] }),
      text('merchant_name', ['商户名称', 'Name on the licence'], { longest: 128, hint: ['执照上没有名称时，填“个体户”加经营者姓名', 'Without a name: “个体户” and the operator\'s name'] }),
      text('license_number', ['统一社会信用代码', 'Unified social credit code'], { longest: 18 }),
      text('license_address', ['注册地址', 'Registered address'], { longest: 128, optional: true }),
      begin('period_begin', { optional: true }), end('period_end', { optional: true }),
    ],
  },
  {
    key: 'person', label: ['法人', 'Legal person'], title: ['经营者 / 法人身份证', 'Operator\'s or legal person\'s ID card'], text: ['姓名要与营业执照上的经营者或法人一致。这些信息加密保存，之后只显示首尾几位。', 'The name is the one on the licence. All of this is sealed; later you only see its first and last characters.'],
    fields: [
      shot('id_card_copy', ['身份证人像面', 'Side with the face']), shot('id_card_national', ['身份证国徽面', 'Side with the emblem']),
      secret('id_card_name', ['姓名', 'Name'], { longest: 100 }), secret('id_card_number', ['身份证号码', 'ID number'], { longest: 18 }),
      secret('id_card_address', ['身份证住址', 'Address on the card'], { longest: 128, show: company }),
      begin('card_period_begin'), end('card_period_end'),
      { name: 'owner', kind: 'choice', label: ['法人是最终受益人吗', 'Does the legal person own the company?'], show: company, options: [
        { value: true, label: ['是', 'Yes'] }, { value: false, label: ['否，另有受益人', 'No, somebody else does'] },
      ] },
      shot('ubo_id_doc_copy', ['受益人身份证人像面', 'Owner\'s card, face'], { show: somebodyElse }), shot('ubo_id_doc_copy_back', ['受益人身份证国徽面', 'Owner\'s card, emblem'], { show: somebodyElse }),
      secret('ubo_id_doc_name', ['受益人姓名', 'Owner\'s name'], { show: somebodyElse, longest: 100 }), secret('ubo_id_doc_number', ['受益人身份证号码', 'Owner\'s ID number'], { show: somebodyElse, longest: 18 }),
      secret('ubo_id_doc_address', ['受益人住址', 'Owner\'s address'], { show: somebodyElse, longest: 128 }), begin('ubo_period_begin', { show: somebodyElse, label: ['受益人证件有效期开始', 'Owner\'s card valid from'] }), end('ubo_period_end', { show: somebodyElse, label: ['受益人证件有效期结束', 'Owner\'s card valid until'] }),
    ],
  },
  {
    key: 'contact', label: ['管理员', 'Administrator'], title: ['超级管理员', 'Administrator'], text: ['签约、账户验证和之后的商户平台登录都由此人用微信完成。', 'This person signs, verifies the account, and later logs in to the merchant site, with WeChat.'],
    fields: [
      { name: 'by_legal', kind: 'choice', label: ['由谁担任', 'Who'], options: [
        { value: true, label: ['经营者 / 法人本人', 'The legal person'], text: ['签约最快', 'The quickest way'] }, { value: false, label: ['经办人', 'Somebody sent by them'], text: ['需要身份证和授权函', 'Needs an ID card and a letter'] },
      ] },
      secret('mobile_phone', ['手机号', 'Mobile phone'], { longest: 11, hint: ['用来接收签约短信和重要通知', 'Gets the texts about signing'] }), secret('contact_email', ['邮箱', 'Email'], { longest: 128 }),
      shot('contact_id_doc_copy', ['经办人身份证人像面', 'Card, face'], { show: sent }), shot('contact_id_doc_copy_back', ['经办人身份证国徽面', 'Card, emblem'], { show: sent }),
      shot('business_authorization_letter', ['业务办理授权函', 'Letter of authority'], { show: sent, hint: ['按微信支付的模板打印、盖章后拍照', 'WeChat\'s form, printed and stamped'] }),
      secret('contact_name', ['经办人姓名', 'Name'], { show: sent, longest: 100 }), secret('contact_id_number', ['经办人身份证号码', 'ID number'], { show: sent, longest: 18 }),
      begin('contact_period_begin', { show: sent }), end('contact_period_end', { show: sent }),
    ],
  },
  {
    key: 'business', label: ['经营', 'Trade'], title: ['经营资料', 'What you sell'], text: ['收款场景是您已授权的公众号；有实体店时一并提供门店照片，审核更顺利。', 'Customers pay in your official account. If you have a physical shop, its pictures make the review easier.'],
    fields: [
      text('merchant_shortname', ['商户简称', 'Short name'], { longest: 64, hint: ['顾客付款时看到的名字', 'What customers see when they pay'] }), text('service_phone', ['客服电话', 'Service phone'], { longest: 20 }),
      { name: 'qualification_type', kind: 'industry', label: ['所属行业', 'Line of business'] },
      shot('qualifications', ['行业资质', 'Licence of the trade'], { most: 5, show: (_form, industry) => Boolean(industry) && industry!.needs !== 'none' }),
      shot('mp_pics', ['店铺页面截图', 'Screenshots of the store'], { most: 5, optional: true, hint: ['店铺还没有上架商品时请提供', 'When there is nothing in the store yet'] }),
      { name: 'has_store', kind: 'choice', label: ['有实体店吗', 'A physical shop?'], options: [{ value: false, label: ['没有', 'No'] }, { value: true, label: ['有', 'Yes'] }] },
      text('biz_store_name', ['门店名称', 'Shop\'s name'], { show: store, longest: 128 }), { name: 'biz_address_code', kind: 'area', label: ['门店所在地', 'Region'], show: store }, text('biz_store_address', ['门店地址', 'Address'], { show: store, longest: 128 }),
      shot('store_entrance_pic', ['门头照片', 'Front'], { show: store }), shot('indoor_pic', ['店内环境', 'Inside'], { show: store }),
    ],
  },
  {
    key: 'bank', label: ['结算', 'Bank'], title: ['结算账户', 'Where the money goes'], text: ['货款结算到这个账户。开户名由前面的内容决定，不能是别人的账户。', 'Takings are settled to this account. Its holder follows from what you said before; it cannot be somebody else\'s.'],
    fields: [
      { name: 'personal_account', kind: 'choice', label: ['账户类型', 'Account'], show: (form) => !company(form), options: [{ value: true, label: ['经营者个人银行卡', 'Operator\'s own card'] }, { value: false, label: ['对公银行账户', 'Business account'] }] },
      { name: 'account_name', kind: 'told', label: ['开户名', 'Holder'] },
      { name: 'account_bank', kind: 'bank', label: ['开户银行', 'Bank'] },
      secret('account_number', ['银行账号', 'Account number'], { longest: 30 }),
    ],
  },
]

/** In which step a field is; flaws of fields that nobody typed belong to none. */
export function stepOf(name: string) {
  return STEPS.find((step) => step.fields.some((field) => field.name === name || (field.kind === 'bank' && name === 'bank_branch_id')))
}
export function labelOf(name: string): Pair | undefined {
  if (name === 'bank_branch_id') return ['开户支行', 'Branch']
  return stepOf(name)?.fields.find((field) => field.name === name)?.label
}
