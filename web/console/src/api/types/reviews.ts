/** What buyers say, as the merchant's staff see it. */
import type { Picture } from './goods'

export interface ReviewAtDesk {
  id: string
  product_id: string
  order_id: string
  fan_id: string | null
  title: string
  options: string[]
  nick: string
  stars: number
  words: string
  at: string
  pictures: Picture[]
  more_words: string
  more_pictures: Picture[]
  more_at: string | null
  reply: string
  replied_at: string | null
  state: 'pending' | 'shown' | 'hidden'
  hidden_because: string
}

export interface ReviewDesk {
  moderated: boolean
  tally: { pending: number; shown: number; hidden: number }
}
