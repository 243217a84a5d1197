import { words, type Pair } from '@/lib/words'
import type { Tone } from '@/ui/Tag.vue'
export const t = words({
  title: ['整店导出', 'Export everything'], hint: ['把全部数据和图片打包成一个文件，可以留底，也可以导入另一套通商', 'All data and pictures in one file: to keep, or to bring into another install'], back: ['商户', 'Merchants'],
  start: ['导出', 'Export'], none: ['还没有导出过', 'Nothing was exported yet'], noneText: ['导出在后台进行，不影响营业；完成后文件保留 24 小时。', 'It is written in the background while the shop sells, and kept for 24 hours.'], history: ['导出记录', 'Exports'],
  what: ['文件里有什么', 'What is in it'], whatText: ['商品、库存、订单、账本、储值、粉丝、消息、设置和图片，全部都在；各项合计写在清单里，导入时逐项核对。', 'Goods, stock, orders, ledger, stored value, followers, messages, settings, pictures; with sums that are compared when it is brought in.'],
  personal: ['含有个人信息', 'It holds personal data'], personalText: ['顾客的姓名、电话和地址在文件里是明文。只下载到安全的地方，用完删除；每次下载都会记入操作记录。', 'Customers’ names, phones and addresses stand in it in clear. Keep it safe, delete it afterwards; every download is in the audit.'],
  secrets: ['密钥用口令加密', 'Secrets are under a passphrase'], secretsText: ['支付密钥、卡密等用您设置的口令加密。口令不会保存，忘了就无法导入。', 'Payment keys, card codes and the like open with your passphrase alone. It is not kept: without it nobody can bring the file in.'],
  askTitle: ['导出全部数据', 'Export everything'], passphrase: ['口令（至少 12 个字符）', 'Passphrase (12 characters or more)'], again: ['再输入一次', 'Once more'], differs: ['两次输入的口令不同', 'The two differ'], cancel: ['取消', 'Cancel'], asked: ['已开始导出', 'The export has begun'],
  by: ['{n} · {t}', '{n} · {t}'], provider: ['服务商 {n}', 'Provider {n}'], done: ['{m} · {n} 行 · {f} 个文件 · 保留到 {t}', '{m} · {n} {n?row|rows} · {f} {f?file|files} · kept until {t}'], doing: ['{p}% · {n} / {a} 行 · {f} 个文件', '{p}% · {n} of {a} {a?row|rows} · {f} {f?file|files}'], waiting: ['等待开始', 'Waiting to begin'], failed: ['没有完成：{w}', 'Not done: {w}'],
  download: ['下载', 'Download'], drop: ['删除文件', 'Delete the file'], callOff: ['取消导出', 'Call it off'], dropAsk: ['删除这份导出文件？', 'Delete this file?'], dropText: ['删除后不能再下载，需要时可重新导出。', 'It cannot be fetched any more; another can be made.'], dropped: ['已删除', 'Deleted'], calledOff: ['已取消', 'Called off'],
})
export const STATES: Record<string, [Pair, Tone]> = { asked: [['排队中', 'Waiting'], 'busy'], writing: [['导出中', 'Being written'], 'busy'], ready: [['可下载', 'Ready'], 'good'], failed: [['失败', 'Failed'], 'bad'], gone: [['已删除', 'Gone'], 'off'] }
