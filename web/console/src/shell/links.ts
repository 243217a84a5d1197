/** Addresses outside the console. */
import { me } from '@/lib/session'

/** The public address of the shop, or "" for people without one. */
export function shopUrl() {
  const slug = me.value?.merchant?.slug
  return slug ? `${me.value?.public_url.replace(/\/$/, '')}/s/${slug}/` : ''
}
