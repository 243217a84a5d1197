import { words } from '@/lib/words'
export const t = words({
  title: ['留言', 'Comments'], hint: ['已发布和群发的图文下面，读者写了什么', 'What readers wrote below articles that were published or sent'], back: ['全部图文', 'All articles'],
  none: ['还没有可以留言的图文', 'No articles with comments yet'], noneText: ['在这里发布或群发的图文会出现在这里。在公众平台发布的，微信不告诉我们编号，请在公众平台管理留言。', 'Articles published or sent from here appear here. For those of the official site WeChat tells no number; see to their comments there.'],
  article: ['图文', 'Article'], how: ['方式', 'How'], published: ['发布', 'Published'], sent: ['群发', 'Sent'], when: ['时间', 'When'], state: ['留言', 'Comments'], on: ['开放', 'Open'], off: ['关闭', 'Closed'], unknown: ['未知', 'Unknown'],
  all: ['全部', 'All'], normal: ['未精选', 'Not featured'], elected: ['精选', 'Featured'], filter: ['筛选留言', 'Filter comments'], total: ['共 {n} 条', '{n} in all'], nothing: ['还没有留言', 'No comments yet'], nothingText: ['精选后，所有读者都能看到这条留言。', 'Once featured, every reader sees a comment.'], turn: ['接受留言', 'Takes comments'], turnedOn: ['已开放留言', 'Open'], turnedOff: ['已关闭留言', 'Closed'], open: ['打开文章', 'Open the article'],
  feature: ['精选', 'Feature'], unfeature: ['取消精选', 'Feature no longer'], featured: ['已精选', 'Featured'], unfeatured: ['已取消精选', 'No longer featured'], drop: ['删除', 'Delete'], dropAsk: ['删除这条留言？', 'Delete this comment?'], dropText: ['读者也会看不到，无法恢复。', 'Its reader loses it, too; for good.'], dropped: ['已删除', 'Deleted'],
  reply: ['回复', 'Answer'], replyTo: ['回复 {n}', 'Answer {n}'], replied: ['已回复', 'Answered'], takeBack: ['删除回复', 'Take the answer back'], takenBack: ['回复已删除', 'Answer taken back'], ours: ['作者回复', 'The account'], send: ['发送', 'Send'], cancel: ['取消', 'Cancel'], reader: ['读者', 'Reader'], more: ['更多留言', 'More comments'],
})
