import { words } from '@/lib/words'
export const t = words({
  title: ['接口权限', 'Permissions'], asOf: ['权限集依据微信 {d} 的文档', 'Sets as WeChat listed them on {d}'], own: ['以 AppSecret 接入的公众号拥有其类型与认证所允许的全部接口。', 'An account connected by its secret may use everything its type and verification allow.'],
  gapBasic: ['缺少 {n} 个权限集，部分核心功能不可用', '{n} {n?permission set is|permission sets are} missing; basic features are off'], gap: ['还可以授予 {n} 个权限集', '{n} more permission {n?set|sets} could be granted'], gapText: ['一键重新授权：链接已选好本公众号和所需权限，管理员确认即可，现有数据不受影响。', 'One click: the link names this account and the sets we need; the administrator confirms, and nothing is lost.'],
  mend: ['一键重新授权', 'Authorize again'], cannot: ['不可用：{f}', 'Off: {f}'], basic: ['核心', 'Basic'], granted: ['已授予', 'Granted'], missing: ['未授予', 'Missing'],
})
