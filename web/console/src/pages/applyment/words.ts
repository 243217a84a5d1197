import type { ApplymentState } from '@/api/types/applyments'
import { words, type Pair } from '@/lib/words'
import type { Tone } from '@/ui/Tag.vue'
export const t = words({
  title: ['申请商户号', 'Apply for a merchant number'], hint: ['没有微信支付商户号？在这里填写资料，由平台代为向微信支付申请。', 'No number at WeChat Pay yet? Fill this in, and the platform applies for you.'], back: ['微信支付', 'WeChat Pay'],
  begin: ['开始申请', 'Start'], introTitle: ['三个工作日左右，就能用自己的商户号收款', 'About three working days to a number of your own'], intro: ['准备好营业执照、经营者或法人的身份证、结算银行卡，填写大约需要十分钟。填写时自动保存，可以随时离开再回来。', 'Have the licence, the ID card and the bank account at hand; it takes ten minutes. It is saved as you type.'], notReady: ['平台还没有配置服务商商户号，暂时不能提交申请；您可以先填写。', 'The platform has no number of its own yet, so nothing can be sent; you may fill it in already.'],
  rate: ['费率 {n}%，资金次日到账', 'Fee {n}%, settled the next day'], source: ['依据', 'Source'],
  savedAt: ['已保存 {t}', 'Saved {t}'], saving: ['正在保存…', 'Saving…'], unsaved: ['有未保存的内容', 'Not saved yet'], saveFailed: ['没有保存成功', 'Could not be saved'], retry: ['重试', 'Retry'], reload: ['重新载入', 'Load again'],
  next: ['下一步', 'Next'], previous: ['上一步', 'Back'], check: ['检查并提交', 'Check and send'], send: ['提交给微信支付', 'Send to WeChat Pay'], sendAgain: ['重新提交', 'Send again'], sendAnew: ['用新编号提交', 'Send under a new number'], sendAsk: ['提交申请？', 'Send the application?'], sendText: ['提交后微信支付开始审核，审核期间不能修改。', 'WeChat reviews it now; nothing can be changed meanwhile.'], sent: ['已提交', 'Sent'],
  complete: ['资料齐全，可以提交了', 'Everything is there; you can send it'], todo: ['还有 {n} 处需要补充或更正', '{n} {n?thing|things} to mend'], steps: ['填写步骤', 'Steps'], optional: ['选填', 'optional'],
  upload: ['上传', 'Upload'], replace: ['更换', 'Replace'], remove: ['移除', 'Remove'], add: ['再加一张', 'Add'], uploading: ['上传中…', 'Uploading…'], view: ['查看大图', 'View'], shotHint: ['JPG、PNG，10 MB 以内；仅您和微信支付能看到', 'JPG or PNG, up to 10 MB; seen by you and WeChat alone'],
  filled: ['已填写 {m}，重新输入可更换', 'Stored as {m}; type to replace it'], forever: ['长期', 'No end'], pickIndustry: ['请选择行业', 'Choose'], pickBank: ['请选择银行，可输入名称查找', 'Choose; type to search'], branch: ['开户支行', 'Branch'], province: ['省份', 'Province'], city: ['城市', 'City'], pickBranch: ['支行', 'Branch'], pickArea: ['请选择省市区', 'Choose a region'], accountNone: ['填写姓名或商户名称后显示', 'Shown once the name is there'],
  wechatSays: ['微信：{r}', 'WeChat: {r}'], sign: ['请超级管理员用微信扫码', 'The administrator scans this'], signLink: ['签约链接', 'Link'], look: ['查询最新进度', 'Ask WeChat now'], looked: ['上次查询 {t}', 'Last asked {t}'], number: ['申请单号', 'Number at WeChat'], code: ['业务申请编号', 'Business code'], newMchid: ['特约商户号', 'Merchant number'], toPay: ['查看支付设置', 'See payment settings'], another: ['重新申请', 'Apply again'], discard: ['删除草稿', 'Delete the draft'], discardAsk: ['删除这份草稿？', 'Delete this draft?'], discardText: ['已填写的内容和上传的图片都会立即删除。', 'What was typed and uploaded is deleted at once.'], discarded: ['草稿已删除', 'Draft deleted'],
  privacy: ['资料加密保存，只用于本次申请；办结 {n} 天后删除，{m} 天没有动过的草稿也会删除。', 'Sealed, used for this application alone; deleted {n} {n?day|days} after its end, or after {m} days untouched.'], forgetOn: ['资料将在 {t} 删除', 'Its data is deleted on {t}'], forgotten: ['申请资料已按期删除', 'Its data was deleted when its time was over'],
})
export const STATE: Record<ApplymentState, Pair> = { draft: ['填写中', 'Draft'], sending: ['提交中', 'Being sent'], bounced: ['未被受理', 'Not taken'], auditing: ['审核中', 'In review'], rejected: ['已驳回', 'Sent back'], confirming: ['待账户验证', 'Account to verify'], signing: ['待签约', 'To be signed'], opening: ['开通中', 'Being opened'], finished: ['已开通', 'Open'], cancelled: ['已作废', 'Void'] }
export const TONE: Record<ApplymentState, Tone> = { draft: 'plain', sending: 'busy', bounced: 'bad', auditing: 'busy', rejected: 'bad', confirming: 'warn', signing: 'warn', opening: 'busy', finished: 'good', cancelled: 'off' }
/** What to do in each state. */
export const DO: Record<ApplymentState, Pair> = {
  draft: ['填写完成后提交给微信支付审核。', 'Fill it in and send it to WeChat.'],
  sending: ['正在把资料和图片交给微信支付，通常几秒钟；可以离开这个页面。', 'Handing everything to WeChat; a few seconds. You may leave this page.'],
  bounced: ['微信支付没有受理这次提交。请按下面的提示修改，再次提交；审核没有开始。', 'WeChat did not take it. Mend what is named below and send it again; no review has begun.'],
  auditing: ['微信支付正在审核，一般 1 至 3 个工作日。请超级管理员先扫码绑定微信，之后的进度会发到其微信上。', 'WeChat reviews it in one to three working days. The administrator may scan the code already, and gets word on WeChat.'],
  rejected: ['审核没有通过。原因写在对应的内容旁边，修改后重新提交即可。', 'Sent back. The reasons are at the fields; mend them and send it again.'],
  confirming: ['请超级管理员用微信扫码，按页面指引在 10 天内完成账户验证（小额汇款或法人扫码）。', 'The administrator scans the code and verifies the account within 10 days.'],
  signing: ['审核已通过。请超级管理员用微信扫码签约，30 天内不签约申请会作废。', 'Approved. The administrator scans the code and signs; after 30 days unsigned it is void.'],
  opening: ['已签约，微信支付正在开通权限，大约半小时，无需操作。', 'Signed. WeChat is opening it, half an hour or so; nothing to do.'],
  finished: ['商户号已开通并写入支付设置，新的订单从现在起收款到这个商户号。', 'The number is open and in your settings; new orders are paid to it from now on.'],
  cancelled: ['这份申请已经作废。可以沿用资料、用新的编号重新提交。', 'This application is void. It can be sent again under a new number.'],
}
export const PROBLEM: Record<string, Pair> = { required: ['请填写', 'Needed'], format: ['格式不正确', 'Not of the right form'], checksum: ['号码有误，请逐位核对', 'This number cannot be right; check each digit'], expired: ['已过有效期', 'Has expired'], order: ['日期前后不对', 'The dates do not fit'], too_long: ['内容太长', 'Too long'], unknown: ['请重新选择', 'Choose again'], not_wanted: ['所选行业或主体不需要此项', 'Not for this kind of business'] }
export const FLOW: [Pair, ApplymentState[]][] = [
  [['填写', 'Fill in'], ['draft', 'sending', 'bounced', 'rejected']], [['审核', 'Review'], ['auditing']], [['验证与签约', 'Verify, sign'], ['confirming', 'signing']], [['开通', 'Open'], ['opening']], [['完成', 'Done'], ['finished']],
]
