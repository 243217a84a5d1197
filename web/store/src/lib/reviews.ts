// Reviews: their words, and sending pictures along.
import type { Picture } from '@shared/api'
import { translator } from '@shared/t'
import { lang, slug } from './env'
import { Refused, token } from './http'

export interface Review {
  id: string; options: string[]; nick: string; stars: number; words: string; at: string; pictures: Picture[]
  more_words: string; more_pictures: Picture[]; more_at: string | null; reply: string
}
export interface MyReview extends Review { line_id: string; state: 'pending' | 'shown' | 'hidden'; hidden_because: string; anonymous: boolean }
export interface ReviewCount { shown: number; stars_sum: number; good: number; middling: number; bad: number; pictured: number }
export interface Reviews { count: ReviewCount; items: Review[]; next: string | null }

export const r = translator({
  title: ['商品评价', 'Reviews'], none: ['还没有评价', 'No reviews yet'], all: ['全部 {n}', 'All {n}'], good: ['好评 {n}', 'Good {n}'], middling: ['中评 {n}', 'Fair {n}'], bad: ['差评 {n}', 'Poor {n}'], pictured: ['有图 {n}', 'Pictures {n}'],
  more: ['查看更多', 'More'], later: ['追评：', 'Later: '], seller: ['商家回复：', 'The shop: '], average: ['平均 {n} 分', '{n} on average'], stars: ['{n} 星', '{n} {n?star|stars}'],
  write: ['评价', 'Review'], writeTitle: ['评价商品', 'Review your goods'], how: ['说说使用感受，最多 500 字', 'How is it? Up to 500 characters'], photo: ['添加照片', 'Add a photo'], drop: ['移除照片', 'Remove the photo'], anonymous: ['匿名评价', 'Without my name'], send: ['发布评价', 'Publish'], sent: ['评价已提交', 'Sent'], waits: ['商家审核后显示', 'Shown once the shop has looked at it'],
  pending: ['审核中', 'Being looked at'], shown: ['已显示', 'Shown'], hidden: ['未显示：{why}', 'Not shown: {why}'], again: ['追加评价', 'Add a word'], againHow: ['用了一段时间，再说一句', 'One more word, after some time'], nothing: ['这笔订单暂时不能评价', 'Nothing to review here yet'],
}, () => lang.value)

/** Choose photos and send them; gives what the shop keeps. */
export async function photos(order: string, most: number, shelf: 'review-pictures' | 'after-sale-pictures' = 'review-pictures'): Promise<Picture[]> {
  const { tempFilePaths } = (await uni.chooseImage({ count: most, sizeType: ['compressed'] })) as { tempFilePaths: string[] }
  const kept: Picture[] = []
  for (const path of tempFilePaths.slice(0, most)) kept.push(await send(order, path, shelf))
  return kept
}

function send(order: string, filePath: string, shelf: string): Promise<Picture> {
  return new Promise((resolve, reject) => {
    uni.uploadFile({
      url: `/api/store/${encodeURIComponent(slug)}/orders/${order}/${shelf}`, filePath, name: 'file',
      header: { Authorization: `Bearer ${token.get()}`, 'Accept-Language': lang.value === 'zh' ? 'zh-CN' : 'en' },
      success: ({ statusCode, data }) => {
        const body = JSON.parse(data) as Picture & { title?: string; code?: string }
        if (statusCode < 300) resolve(body)
        else reject(new Refused(statusCode, body.code ?? `http.${statusCode}`, body.title ?? ''))
      },
      fail: () => reject(new Refused(0, 'network', lang.value === 'zh' ? '网络不通，请重试' : 'No network; try again')),
    })
  })
}
