/** The library of pictures. */
import type { Picture } from './goods'

export interface Shot {
  id: string
  name: string
  bytes: number
  folder_id: string | null
  created_at: string
  picture: Picture
  uses: number
}
export interface MediaFolder {
  id: string
  name: string
  pictures: number
}
export interface PictureUse {
  picture_id: string
  kind: 'product' | 'shop' | 'page' | 'material' | 'reply' | 'review' | 'aftersale'
  id: string | null
  title: string
}
