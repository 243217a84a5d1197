import { words } from '@/lib/words'
export const t = words({
  title: ['搜索设置', 'Search'], hint: ['顾客在店铺里搜索商品时看到什么', 'What people meet when they look for goods'],
  hot: ['热门搜索词', 'Popular searches'], hotText: ['搜索页打开时显示，按顺序排列，最多 12 个。', 'Shown when search opens, in this order, 12 at most.'], hotAdd: ['输入一个词，按回车添加', 'Type a word and press Enter'],
  synonyms: ['同义词', 'Synonyms'], synonymsText: ['意思相同的词，搜其中一个也能找到另一个，例如：手机壳、保护套。', 'Words that mean the same: looking for one finds the others, too.'], synonymsHint: ['每行一组，用空格或逗号隔开', 'A group per line, words apart by spaces or commas'],
  misses: ['没有找到结果的搜索', 'Searches that found nothing'], missesText: ['只统计次数，不记录是谁搜的；像手机号的内容不会保存。', 'Only counted, never by whom; what looks like a phone number is not kept.'],
  query: ['搜索词', 'Searched for'], times: ['次数', 'Times'], last: ['最近', 'Last'], none: ['最近没有落空的搜索', 'Everybody found something'], noneText: ['有顾客搜不到商品时，会出现在这里。可以补充商品标题、标签，或添加同义词。', 'When somebody finds nothing it shows here. Add to titles and tags, or add a synonym.'],
  days: ['最近 {n} 天', 'Last {n} {n?day|days}'], add: ['加同义词', 'Add synonym'], remove: ['移除 {word}', 'Remove {word}'],
})
