/** Pictures: upload one, and find the address of one that is stored. */
import { api } from '@/api/http'
import type { Picture } from '@/api/types'
import { me } from './session'

const addresses = new Map<string, string>()

export async function upload(file: File): Promise<Picture> {
  const form = new FormData()
  form.append('file', file)
  const picture = await api.post<Picture>('/media', form)
  addresses.set(picture.id, picture.url)
  return picture
}

export type PictureRef = string | { id?: string; url: string } | null | undefined

/** Learn the addresses of pictures that the server described, so that their ids can be shown later. */
export function remember(pictures: Iterable<{ id: string; url: string }>) {
  for (const picture of pictures) addresses.set(picture.id, picture.url)
}

/** The address of a stored picture in one of its widths; ids that are addresses already stay as they are. */
export function pictureUrl(picture: PictureRef, width: 320 | 750 | 1500 = 320) {
  if (!picture) return ''
  const id = typeof picture === 'string' ? picture : picture.url
  const known = addresses.get(id) ?? id
  if (/^(https?:|\/|data:|blob:)/.test(known)) return known.replace(/\/(320|750|1500)\.webp$/, `/${width}.webp`)
  return `/media/${me.value?.merchant?.id ?? ''}/${id}/${width}.webp`
}
