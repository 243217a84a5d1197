import { words } from '@/lib/words'
export const t = words({
  title: ['素材库', 'Materials'], hint: ['图片、语音和视频，上传一次，群发、图文和回复都能用', 'Pictures, voices and videos: uploaded once, used in messages, articles and replies'],
  image: ['图片', 'Pictures'], voice: ['语音', 'Voices'], video: ['视频', 'Videos'], add: ['上传', 'Upload'], sync: ['从微信同步', 'Sync from WeChat'], search: ['搜索名称', 'Search by name'],
  none: ['还没有素材', 'Nothing here yet'], noneText: ['上传第一个文件，或把公众号里已有的素材同步过来。', 'Upload a first file, or bring over what the account already has.'],
  used: ['公众号已用 {n} / {most}', '{n} of {most} used at WeChat'], usedOurs: ['本地记录 {n} / {most}（微信暂时没有回答）', '{n} of {most} by our own count (WeChat did not answer)'],
  limitImage: ['JPG、PNG、GIF，不超过 10 MB；WebP 会自动转成 JPG', 'JPG, PNG or GIF up to 10 MB; WebP becomes JPG'], limitVoice: ['MP3、AMR，不超过 2 MB、60 秒', 'MP3 or AMR up to 2 MB and 60 seconds'], limitVideo: ['MP4，不超过 10 MB', 'MP4 up to 10 MB'],
  uploading: ['正在上传 {name}', 'Uploading {name}'], toWechat: ['正在提交到微信…', 'Handing to WeChat…'], uploaded: ['已上传到微信', 'Uploaded to WeChat'], notThere: ['未提交到微信', 'Not at WeChat'], there: ['已在微信', 'At WeChat'], retry: ['提交到微信', 'Send to WeChat'], stop: ['取消上传', 'Cancel upload'],
  syncing: ['正在同步{kind}：{place} / {total}', 'Syncing {kind}: {place} of {total}'], synced: ['上次同步 {t}：共 {seen} 个，新增 {added}，微信已删除 {gone}', 'Last sync {t}: {seen} seen, {added} new, {gone} gone'], syncFailed: ['上次同步中断（微信错误 {code}），可以再次同步', 'The last sync broke off (WeChat said {code}); sync again'],
  drop: ['删除', 'Delete'], dropAsk: ['删除这个素材？', 'Delete this material?'], dropText: ['会同时从微信公众号删除，无法恢复。已发出的消息不受影响。', 'It is deleted at WeChat as well and cannot be brought back. What was sent stays.'], dropped: ['已删除', 'Deleted'],
  play: ['播放 {name}', 'Play {name}'], amr: ['AMR 语音：浏览器无法播放，可下载后收听', 'AMR: browsers cannot play it; download to listen'], download: ['下载', 'Download'], noFile: ['视频文件只在微信', 'The film is only at WeChat'], seconds: ['{n} 秒', '{n} s'],
  videoTitle: ['视频标题', 'Title'], videoIntro: ['简介', 'Introduction'], chooseFile: ['选择文件', 'Choose a file'], needTitle: ['微信要求视频有标题', 'WeChat wants a title for films'], send: ['开始上传', 'Upload'], back: ['取消', 'Cancel'], more: ['加载更多', 'Load more'],
  pick: ['选择素材', 'Choose a material'], change: ['更换', 'Change'], open: ['查看 {name}', 'Look at {name}'], actions: ['操作', 'Actions'],
})
