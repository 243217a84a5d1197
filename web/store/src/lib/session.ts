// Who is visiting. Nobody is asked: the first call that needs a person goes through WeChat's silent authorization
// and comes back to the same page with a one-time ticket, which is changed for a bearer token.
import { ref } from 'vue'
import type { Fan } from '@shared/api'
import { boot } from './boot'
import { keep, kept, slug, t } from './env'
import { after, bare, Refused, token, whenStranger } from './http'
import { inWechat } from './wechat'
import { fulfil } from './wish'
import type { Word } from './words'

/** True while the sheet 「请在微信中打开」 is shown. */
export const outside = ref(false)
/** Counts log-ins, so that pages can look again. */
export const signedIn = ref(0)

/** Why WeChat sent the visitor back without a ticket, until he asks again himself. */
let turnedAway: Word | null = null
const LOOP_SECONDS = 60
const MOST_LOGINS = 2

/** Take the one-time ticket out of the address and change it for a session. */
export function takeTicket(): void {
  // #ifdef H5
  const url = location.href
  const ticket = /[?&]login_ticket=([^&#]+)/.exec(url)?.[1]
  const word = /[?&]login=(\w+)/.exec(url)?.[1]
  if (!ticket && !word) return
  const clean = url.replace(/([?&])login(?:_ticket)?=[^&#]+(&?)/g, (_all, lead: string, tail: string) => (tail ? lead : ''))
  history.replaceState(history.state, '', clean)
  if (ticket) after(enter(decodeURIComponent(ticket)))
  else turnedAway = word === 'snapshot' ? 'error.snapshot' : 'error.login'
  // #endif
}

async function enter(ticket: string): Promise<void> {
  try {
    const made = await bare<{ token: string; fan: Fan }>({ method: 'POST', path: '/sessions', data: { ticket }, quiet: true })
    token.set(made.token)
  } catch {
    return // an old ticket in a bookmarked address: the next call asks for a new one
  }
  await fulfil()
  signedIn.value += 1
}

/** Go to WeChat for a log-in and come back to this page; `profile` also asks for nickname and avatar. */
export async function signIn(profile = false): Promise<never> {
  if (!(await inWechat())) {
    outside.value = true
    throw new Refused(401, 'wechat.needed', t('wechat.needed'))
  }
  if (turnedAway && !profile) {
    const why = turnedAway
    turnedAway = null
    throw new Refused(401, 'login.refused', t(why))
  }
  const now = Date.now()
  const tries = (kept<number[]>('logins') ?? []).filter((at) => now - at < LOOP_SECONDS * 1000)
  if (tries.length >= MOST_LOGINS && !profile) throw new Refused(401, 'login.loop', t('error.login'))
  keep('logins', [...tries, now])
  // #ifdef H5
  const next = `/s/${encodeURIComponent(slug)}/${location.search}${location.hash}`
  const path = boot.value?.login_url ?? `/s/${encodeURIComponent(slug)}/login`
  const sign = path.includes('?') ? '&' : '?'
  location.assign(`${path}${sign}next=${encodeURIComponent(next)}${profile ? '&scope=snsapi_userinfo' : ''}`)
  // #endif
  return new Promise<never>(() => undefined) // the page is leaving
}

whenStranger(() => {
  token.set(null)
  return signIn()
})
