/** Words of the pickers. */
import { words } from '@/lib/words'
export const p = words({
  image: ['选择图片', 'Choose a picture'], voice: ['选择语音', 'Choose a voice'], video: ['选择视频', 'Choose a video'], article: ['选择已发布的文章', 'Choose a published article'], again: ['换一个', 'Change'], none: ['还没有选择', 'Nothing chosen'], play: ['试听', 'Listen'], fetching: ['正在从微信取回图片…', 'Fetching the picture from WeChat…'],
  searchArticle: ['搜索标题', 'Search titles'], fetch: ['从微信获取', 'Fetch from WeChat'], noArticle: ['还没有已发布的文章', 'No published articles yet'], noArticleText: ['在“图文”里写好并发布；已在公众平台发布的，点“从微信获取”。', 'Publish one under Articles, or fetch those published at the official site.'], count: ['{n} 篇', '{n} {n?article|articles}'], more: ['更多', 'More'],
  amr: ['语音是 AMR 格式，浏览器放不了，可以下载后试听。', 'An AMR voice: browsers cannot play it; download to listen.'], download: ['下载', 'Download'],
})
