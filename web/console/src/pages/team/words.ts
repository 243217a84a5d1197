import { words, type Pair } from '@/lib/words'
export const t = words({
  staffTitle: ['员工', 'Staff'], staffHint: ['每人一个账号，离职即停用；所有操作都会留痕', 'One account each; remove it when somebody leaves; every write is logged'], invite: ['邀请员工', 'Invite'], name: ['姓名', 'Name'], login: ['登录名', 'Log-in name'], role: ['角色', 'Role'], state: ['状态', 'State'], since: ['加入时间', 'Since'], change: ['修改', 'Change'], remove: ['移除', 'Remove'], resend: ['重新邀请', 'New invitation'],
  none: ['还没有员工', 'No staff yet'], noneText: ['邀请店长、店员，或只会用手机核销的核销员。', 'Invite managers, clerks, or assistants who only verify pickups.'], loginHint: ['小写字母、数字、点或横线，全平台唯一', 'Lower-case letters, digits, dots or dashes; unique'], send: ['生成邀请链接', 'Make the link'], save: ['保存', 'Save'], back: ['取消', 'Cancel'], close: ['完成', 'Done'], linkTitle: ['邀请链接', 'Invitation link'], linkText: ['发给本人，打开后设置密码即可登录。链接只能使用一次。', 'Send it to the person; it asks for a password and works once.'], saved: ['已保存', 'Saved'], removeAsk: ['移除 {n}？', 'Remove {n}?'], removeText: ['其登录会立即退出，操作记录会保留。', 'Logged out at once; the audit log stays.'], removed: ['已移除', 'Removed'], me: ['本人', 'you'],
  auditTitle: ['操作记录', 'Audit log'], auditHint: ['谁在什么时候改了什么', 'Who changed what, and when'], who: ['操作人', 'Who'], action: ['操作', 'Action'], subject: ['对象', 'On'], ip: ['IP', 'IP'], at: ['时间', 'When'], noAudit: ['还没有操作记录', 'Nothing logged yet'], noAuditText: ['任何修改都会自动记在这里。', 'Every change is written here by itself.'], system: ['系统', 'System'],
  jobsTitle: ['后台任务', 'Jobs'], jobsHint: ['发消息、查账、退款等都在后台完成；这里只显示需要留意的', 'Messages, bills and refunds run in the background; only trouble shows here'], workers: ['工作进程', 'Workers'], noWorkers: ['没有工作进程在运行', 'No worker is running'], noWorkersText: ['请联系服务商启动 worker，否则消息、退款都不会处理。', 'Ask the provider to start one; nothing is processed until then.'], seen: ['最近心跳 {t}', 'Seen {t}'], started: ['启动于 {t}', 'Started {t}'], done: ['已完成 {n}', '{n} done'], failedN: ['失败 {n}', '{n} failed'], alive: ['运行中', 'Alive'], lost: ['失联', 'Lost'], looking: ['查看中', 'Checking'],
  late: ['已经迟到', 'Late'], parked: ['已搁置', 'Parked'], parkedText: ['多次重试仍失败，需要人来决定', 'Failed many times; a person decides'], noLate: ['没有迟到的任务', 'Nothing is late'], noParked: ['没有搁置的任务', 'Nothing is parked'], job: ['任务', 'Job'], tries: ['次数', 'Tries'], due: ['应在', 'Due'], lastError: ['最近错误', 'Last error'], retry: ['重试', 'Retry'], retried: ['已重新排队', 'Queued again'], merchant: ['商户', 'Merchant'],
})
export const ROLES: Record<string, Pair> = { owner: ['店主', 'Owner'], manager: ['店长', 'Manager'], clerk: ['店员', 'Clerk'], assistant: ['核销员', 'Assistant'], provider: ['服务商', 'Provider'] }
export const ROLE_TEXT: Record<string, Pair> = {
  owner: ['所有权限，包括支付密钥和员工', 'Everything, including keys and staff'],
  manager: ['除支付密钥外的经营与设置', 'Runs and sets up the shop, except keys'],
  clerk: ['订单、商品、粉丝', 'Orders, goods, fans'],
  assistant: ['只能用手机核销自提码', 'Only verifies pickups on a phone'],
}
export const STAFF_STATE: Record<string, Pair> = { invited: ['待接受', 'Invited'], active: ['正常', 'Active'], removed: ['已移除', 'Removed'] }
