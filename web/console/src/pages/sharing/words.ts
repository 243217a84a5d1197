import { colon, look, words, type Pair } from '@/lib/words'
import type { Tone } from '@/ui/Tag.vue'
export const t = words({
  title: ['分账', 'Profit sharing'], hint: ['顾客付款后，微信自动把一部分分给服务商或合作方；退款前先收回', 'WeChat passes a part of each payment on to your provider or partners, and takes it back before a refund'],
  on: ['已开启', 'On'], off: ['未开启', 'Off'], setup: ['怎么分', 'How it is shared'], change: ['修改', 'Change'],
  tellOn: ['顾客付款后先由微信冻结，{when}分给下面的接收方，剩下的解冻到您的账户。这之前退款，退掉的部分不参与分账。', 'WeChat holds each payment and shares it {when}; the rest is then set free for you. What is refunded before that is not shared.'],
  tellOff: ['新订单不分账，货款直接进入您的账户。', 'New orders are not shared; the money is yours at once.'],
  nobody: ['还没有生效的接收方，新订单不会冻结。', 'Nobody would get a part yet, so nothing is held.'],
  soon: ['一分钟后', 'after a minute'], days: ['{n} 天后', 'after {n} {n?day|days}'],
  sum: ['合计比例', 'All together'], cap: ['比例上限', 'At most'], wait: ['等待天数', 'Days to wait'],
  waitHint: ['0 到 {n} 天。设得比退货期长一些，退款时就不用向接收方追回；微信最多冻结 {held} 天。', '0 to {n}. Longer than your return period, and refunds need nothing back; WeChat holds for {held} days at most.'],
  capHint: ['与微信商户平台“分账比例”一致，一般是 {p}。所有接收方加起来不能超过它。', "As agreed in WeChat's own desk, usually {p}. All receivers together stay below it."],
  enable: ['开启分账', 'Share payments'], save: ['保存', 'Save'], saved: ['已保存', 'Saved'], back: ['取消', 'Cancel'],
  receivers: ['接收方', 'Receivers'], add: ['添加接收方', 'Add a receiver'], edit: ['修改接收方', 'Change receiver'], remove: ['删除', 'Remove'],
  removeTitle: ['删除“{who}”？', 'Remove “{who}”?'], removeText: ['之后的订单不再分给对方，已经分出去的不受影响。', 'Nothing more goes there; what went before stays.'], removed: ['已提交删除', 'Being removed'],
  noReceivers: ['还没有接收方', 'No receivers yet'], noReceiversText: ['添加服务商、供应商或员工，写明各自分多少。', 'Add your provider, suppliers or staff, and how much each gets.'],
  who: ['接收方', 'Receiver'], part: ['分多少', 'Gets'], as: ['名目', 'As'], state: ['状态', 'State'], acts: ['操作', 'Actions'],
  kind: ['类型', 'Kind'], account: ['商户号', 'Merchant number'], openid: ['OpenID', 'OpenID'], name: ['商户全称', 'Full name of the merchant'], person: ['真实姓名（选填，填了微信会核对）', 'Real name (optional; WeChat checks it)'], nameKept: ['已保存为 {name}，不修改请留空', 'Kept as {name}; leave empty to keep it'], sealed: ['加密保存并加密发送给微信，之后只显示首尾两个字', 'Kept and sent encrypted; later only its ends are shown'],
  label: ['您怎么称呼对方', 'What you call them'], relation: ['与您的关系', 'Relation'], custom: ['关系说明', 'Say which'], percent: ['比例（%）', 'Per cent'], of: ['按什么算', 'Of what'], told: ['已提交给微信', 'Told to WeChat'],
  splits: ['分账记录', 'What was shared'], all: ['全部', 'All'], attention: ['需处理', 'Needs you'], states: ['分账状态', 'State'], order: ['订单', 'Order'], paid: ['实付', 'Paid'], shares: ['分给谁', 'To whom'], next: ['进展', 'What happens'],
  none: ['还没有分账记录', 'Nothing shared yet'], noneText: ['开启后，新付款的订单会出现在这里。', 'Once it is on, newly paid orders appear here.'],
  repeat: ['重新分账', 'Share again'], repeated: ['已重新提交', 'Sent again'], release: ['不分了，解冻', 'Give up, set free'], releaseTitle: ['不再分给没成功的接收方？', 'Give up what failed?'], releaseText: ['没分成功的部分会留给您，剩余货款解冻到您的账户。之后这笔订单不能再分账。', 'What failed stays yours and the rest is set free. This payment cannot be shared any more.'], released: ['正在解冻', 'Being set free'],
  again: ['再次追回', 'Ask again'], asked: ['已再次向对方追回', 'Asked once more'], waive: ['由我承担', 'I bear it'], waiveTitle: ['不再向“{who}”追回 {m}？', 'Leave {m} with “{who}”?'], waiveText: ['这部分由您的账户承担，退款马上继续。', 'Your own account bears it, and the refund goes on.'], waived: ['退款继续', 'The refund goes on'],
  got: ['已到账 {m}', 'got {m}'], open: ['处理中 {m}', '{m} on its way'], failed: ['未成功 {m}', '{m} failed'], dropped: ['已放弃 {m}', '{m} given up'], returned: ['已追回 {m}', '{m} came back'], coming: ['追回中 {m}', '{m} coming back'], left: ['您承担 {m}', 'you bear {m}'], stays: ['追回失败 {m}', '{m} did not come back'], unpaid: ['支付未设置', 'WeChat Pay is not set up'], setPay: ['去设置微信支付', 'Set up WeChat Pay'], setPayText: ['先填好商户号和密钥，才能分账。', 'Number and keys come first.'],
  owed: ['退款没有成功，已追回 {m} 还在您账户里', 'The refund came to nothing; {m} that came back is still with you'], refundAgain: ['重新退款', 'Refund again'], refunded: ['已重新发起退款', 'Asked for again'], settle: ['补给对方', 'Make it good'],
  settleTitle: ['补给接收方 {m}', 'Make {m} good to the receivers'], settleText: ['为了退款，这些分账已经追回到您的账户，但退款最后没有成功。微信不能把追回的钱再分一次，请线下付给对方，并在这里登记。', 'These shares came back for a refund that then came to nothing. WeChat does not share what came back again: pay the receivers yourself, and record it here.'], settleHow: ['怎么处理的', 'What was done'], settlePaid: ['已线下付给对方', 'Paid to them by hand'], settleKept: ['双方商定不再补付', 'Agreed that nothing more is due'], settleNote: ['说明（必填）', 'Note (required)'], settleHint: ['如：11 月 23 日银行转账', 'e.g. by bank transfer on 23 November'],
  rest: ['没有分出去的部分', 'Nothing was shared'],
})
export const KIND: Record<string, Pair> = { MERCHANT_ID: ['商户', 'Merchant'], PERSONAL_OPENID: ['个人', 'Person'], PERSONAL_SUB_OPENID: ['个人（子商户公众号）', 'Person (sub account)'] }
export const PURPOSE: Record<string, Pair> = { platform_fee: ['平台服务费', 'Platform fee'], partner: ['合作分成', "Partner's part"] }
export const BASE: Record<string, Pair> = { paid: ['顾客实付', 'what was paid'], net: ['扣除微信手续费后', 'what is left after the fee'] }
export const RELATION: Record<string, Pair> = { SERVICE_PROVIDER: ['服务商', 'Service provider'], SUPPLIER: ['供应商', 'Supplier'], PARTNER: ['合作伙伴', 'Partner'], DISTRIBUTOR: ['分销商', 'Distributor'], STORE: ['门店', 'Store'], STORE_OWNER: ['店主', 'Store owner'], STAFF: ['员工', 'Staff'], HEADQUARTER: ['总部', 'Headquarters'], BRAND: ['品牌方', 'Brand'], USER: ['用户', 'User'], CUSTOM: ['其他', 'Other'] }
export const RECEIVER: Record<string, Pair> = { adding: ['提交微信中', 'Being added'], active: ['生效中', 'Active'], refused: ['微信未通过', 'Refused'], removing: ['删除中', 'Being removed'] }
export const RECEIVER_TONE: Record<string, Tone> = { adding: 'busy', active: 'good', refused: 'bad', removing: 'off' }
export const STATE: Record<string, Pair> = { waiting: ['待分账', 'Waiting'], splitting: ['分账中', 'Under way'], stuck: ['需处理', 'Needs you'], stayed: ['需处理', 'Needs you'], releasing: ['解冻中', 'Being set free'], done: ['已完成', 'Done'] }
export const TONE: Record<string, Tone> = { waiting: 'busy', splitting: 'busy', stuck: 'bad', stayed: 'bad', releasing: 'busy', done: 'good' }
const WHY: Record<string, Pair> = {
  NO_RELATION: ['对方不在微信的接收方名单里，请修改接收方后重试', "Not on WeChat's list; change the receiver, then repeat"], ACCOUNT_ABNORMAL: ['对方账户异常，请对方联系微信支付', 'Their account is not in order'], RECEIVER_HIGH_RISK: ['微信判断对方账户有风险', 'WeChat sees a risk in their account'],
  RECEIVER_REAL_NAME_NOT_VERIFIED: ['对方还没有实名认证', 'They are not verified yet'], RECEIVER_RECEIPT_LIMIT: ['对方收款额度已满', 'Their limit is reached'], PAYER_ACCOUNT_ABNORMAL: ['您的商户账户异常，请登录商户平台', 'Your own account is not in order'], NO_AUTH: ['没有分账权限，请在商户平台开通', "Sharing is not allowed yet; see WeChat's desk"], NOT_ENOUGH: ['可分金额不足', 'Not enough is left to share'], INVALID_REQUEST: ['微信拒绝了请求', 'WeChat refused'], PARAM_ERROR: ['资料填写有误', 'Something typed is wrong'],
  BALANCE_NOT_ENOUGH: ['对方余额不足', 'They have not the money'], TIME_OUT_CLOSED: ['对方超时未同意', 'They did not agree in time'], PERSON: ['分给个人的钱无法追回', 'What a person got cannot be taken back'], TOO_LATE: ['超过 180 天，无法追回', 'More than 180 days ago'],
}
/** Say a problem in plain words; what WeChat itself said follows where there is more. */
export function why(problem: string) {
  const [code, ...rest] = problem.split(' ')
  const known = code && WHY[code] ? look(WHY, code) : ''
  return known ? (rest.length ? known + colon() + rest.join(' ') : known) : problem
}
export const percent = (per_myriad: number) => `${(per_myriad / 100).toFixed(2).replace(/\.?0+$/, '')}%`
