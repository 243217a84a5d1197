import { words } from '@/lib/words'
export const t = words({
  title: ['客服会话', 'Conversations'], hint: ['粉丝说的话，和公众号发给他们的每一条消息', 'What people say, and every message the account sends them'],
  all: ['全部', 'All'], unread: ['未读', 'Unread'], filter: ['筛选会话', 'Filter conversations'], search: ['搜索昵称或备注', 'Search by name or remark'],
  none: ['还没有会话', 'No conversations yet'], noneText: ['有人给公众号发消息后，会出现在这里。', 'When somebody writes to the account, it shows here.'], noneRead: ['没有未读会话', 'Nothing unread'],
  pick: ['选择一个会话', 'Choose a conversation'], pickText: ['左侧是最近的会话，点开即可查看并回复。', 'The latest are on the left; open one to read and answer.'],
  anonymous: ['微信用户', 'WeChat user'], unreadMark: ['{n} 条未读', '{n} unread'], back: ['返回列表', 'Back to the list'], profile: ['粉丝档案', 'Profile'], thread: ['与 {name} 的会话', 'Conversation with {name}'], earlier: ['更早的消息', 'Earlier messages'], you: ['公众号：', 'Account: '],
  open: ['还可发 {n} 条，{time} 关闭', '{n} more until {time}'], openMany: ['可发消息，{time} 关闭', 'Open until {time}'], closed: ['对方超过 48 小时没有互动，微信不允许再发消息。等对方发来消息后可回复。', 'This person was not in touch for 48 hours; WeChat takes no more messages until they write.'], usedUp: ['对方上次互动后可发的消息已用完，等对方再次互动。', 'All messages allowed after their last act were sent; wait for the next.'], gone: ['对方已取消关注', 'No longer follows'], blocked: ['对方在黑名单中', 'On the blacklist'],
  sending: ['发送中', 'Sending'], waiting: ['等待发送', 'Waiting'], sent: ['已发送', 'Sent'], refused: ['未送达', 'Not delivered'], unknown: ['结果未知', 'Unknown'], delivered: ['已送达', 'Delivered'], outBlocked: ['对方拒收', 'Blocked by the person'], failed: ['微信未能送达', 'WeChat could not deliver it'],
  template: ['模板消息', 'Template'], subscription: ['订阅通知', 'Notice'], welcome: ['欢迎语', 'Welcome'], menu: ['菜单回复', 'Menu reply'], reply: ['自动回复', 'Automatic reply'], notice: ['订单通知', 'Order notice'], service: ['人工', 'Staff'],
  picture: ['对方发来的图片', 'Picture they sent'], voice: ['语音为 AMR 格式，浏览器无法播放', 'An AMR voice: browsers cannot play it'], download: ['下载', 'Download'], expired: ['文件已无法从微信取回', 'The file cannot be had from WeChat any more'], video: ['打开视频', 'Open video'], place: ['在地图上查看', 'See on a map'],
  write: ['输入消息，回车发送', 'Write; Enter sends'], send: ['发送', 'Send'], message: ['消息内容', 'Message'], more: ['更多消息类型', 'More kinds'],
  cancel: ['取消', 'Cancel'],
})
