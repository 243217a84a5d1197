// One phone: whose it is, its chats as they stand and as they change, what is on the screen.
import { computed, inject, reactive, type InjectionKey } from 'vue'
import { act, get, Refused } from './api'
import { atPerson } from './hosts'
import { recall, remember } from './memory'
import type { Account, Chat, News, Person, Scanned } from './types'
import { t } from './words'

export type Tab = 'wechat' | 'contacts' | 'discover' | 'me'
export type Screen = { key: number } & (
  | { kind: 'chat'; appid: string }
  | { kind: 'account'; appid: string; ticket: string; scene: string }
  | { kind: 'browser'; url: string; title: string }
  | { kind: 'scanner' } | { kind: 'wallet' } | { kind: 'addresses' }
  | { kind: 'text'; text: string })
type NewScreen = Screen extends infer S ? S extends Screen ? Omit<S, 'key'> : never : never
export interface Sheet { kind: string; data: any; key: number; done: (value?: any) => void }

interface State {
  person: Person | null; missing: boolean; chats: Chat[]; read: Record<string, number>; tab: Tab; stack: Screen[]; sheets: Sheet[]
  typing: Record<string, boolean>; waiting: string; toast: string; online: boolean; clock: { at: number; since: number; frozen: boolean }; tick: number
}

export function createPhone(name: string) {
  const memory = `phone:${name}:read`
  const state = reactive<State>({
    person: null, missing: false, chats: [], read: JSON.parse(recall(memory) || '{}'), tab: 'wechat', stack: [],
    sheets: [], typing: {}, waiting: '', toast: '', online: true, clock: { at: 0, since: 0, frozen: false }, tick: 0,
  })
  let key = 0
  let toastTimer = 0
  let lastOpened = { url: '', at: 0 }

  const now = computed(() => state.clock.frozen ? state.clock.at : state.clock.at + (state.tick - state.clock.since) / 1000)
  const chatOf = (appid: string) => state.chats.find((chat) => chat.appid === appid)
  /** Count what came since the chat was last looked at; who has written since has looked. */
  function unread(chat: Chat): number {
    const seen = Math.max(state.read[chat.appid] ?? 0, ...chat.messages.filter((m) => m.who === 'person').map((m) => m.seq))
    return chat.messages.filter((m) => m.seq > seen).length
  }
  const unreadAll = computed(() => state.chats.reduce((sum, chat) => sum + unread(chat), 0))

  function toast(words: string): void {
    state.toast = words
    clearTimeout(toastTimer)
    toastTimer = window.setTimeout(() => { state.toast = '' }, 1800)
  }
  /** Do something that may be refused; the refusal is shown to the person. */
  async function tried<T>(what: () => Promise<T>): Promise<T | undefined> {
    try {
      return await what()
    } catch (wrong) {
      toast(wrong instanceof Refused ? wrong.message : t('lost'))
      return undefined
    }
  }
  const push = (screen: NewScreen) => { state.stack.push({ ...screen, key: ++key } as Screen) }
  const pop = () => { state.stack.pop() }
  function leave(screen: Screen): void {
    state.stack = state.stack.filter((one) => one.key !== screen.key)
  }
  /** Show a sheet and wait for its answer; undefined when it is closed. */
  function ask<T>(kind: string, data: unknown = {}): Promise<T | undefined> {
    return new Promise((resolve) => {
      const mine = ++key
      state.sheets.push({ kind, data, key: mine, done: (value) => {
        state.sheets = state.sheets.filter((sheet) => sheet.key !== mine)
        resolve(value)
      } })
    })
  }

  function see(appid: string): void {
    const last = chatOf(appid)?.messages.at(-1)?.seq ?? 0
    if (last <= (state.read[appid] ?? 0)) return
    state.read[appid] = last
    remember(memory, JSON.stringify(state.read))
  }
  /** What was heard while an answer was on its way may be missing in it: put it behind. */
  const heard: { appid: string; message: Chat['messages'][number] }[] = []
  function catchUp(chat: Chat, since: number): Chat {
    const missing = heard.slice(since).filter((one) => one.appid === chat.appid && !chat.messages.some((m) => m.id === one.message.id))
    chat.messages.push(...missing.map((one) => one.message))
    return chat
  }
  async function refreshChat(appid: string): Promise<Chat | undefined> {
    const since = heard.length
    const fresh = await tried(() => get<Chat>(`/people/${name}/chats/${encodeURIComponent(appid)}`))
    if (!fresh?.openid) return undefined
    catchUp(fresh, since)
    const place = state.chats.findIndex((chat) => chat.appid === appid)
    if (place < 0) state.chats.push(fresh)
    else state.chats[place] = fresh
    state.chats.sort((a, b) => b.at - a.at)
    return fresh
  }
  async function refresh(): Promise<void> {
    try {
      const since = heard.length
      const found = await get<Person & { chats: Chat[] }>(`/people/${name}`)
      state.person = found
      state.chats = found.chats.map((chat) => catchUp(chat, since))
      const clock = await get<{ unix: number; frozen: boolean }>('/clock')
      state.clock = { at: clock.unix, since: Date.now(), frozen: clock.frozen }
      state.tick = Date.now()
      state.missing = false
    } catch (wrong) {
      state.missing = wrong instanceof Refused && wrong.status === 404
    }
  }
  async function openChat(appid: string): Promise<void> {
    await refreshChat(appid)
    const there = state.stack.findIndex((screen) => screen.kind === 'chat' && screen.appid === appid)
    if (there >= 0) state.stack = state.stack.slice(0, there + 1)
    else state.stack = [{ kind: 'chat', appid, key: ++key }]
    see(appid)
  }
  /** Open a page in the phone's browser; twice the same at once is once (the scan and its event both tell). */
  function openPage(url: string, title = ''): void {
    if (!/^https?:\/\//i.test(url)) { toast(t('notSupported')); return }
    const here = atPerson(url, name)
    if (here === lastOpened.url && Date.now() - lastOpened.at < 1500) return
    lastOpened = { url: here, at: Date.now() }
    push({ kind: 'browser', url: here, title })
  }
  async function scan(what: { text?: string; ticket?: string }): Promise<void> {
    const found = await tried(() => act<Scanned>(name, 'scan', { ...what, follow: false }))
    if (!found) return
    state.stack = state.stack.filter((screen) => screen.kind !== 'scanner')
    if (found.kind === 'account' && found.appid) {
      if (found.subscribed) await openChat(found.appid)
      else push({ kind: 'account', appid: found.appid, ticket: found.ticket ?? '', scene: 'ADD_SCENE_QR_CODE' })
    } else if (found.kind === 'pay') await ask('cashier', { code_url: found.text })
    else if (found.kind === 'url' && found.url) openPage(found.url)
    else push({ kind: 'text', text: found.text ?? '' })
  }
  /** Show that the account is asked about a scan, until it answers or WeChat gives up. */
  function waitFor(appid: string): void {
    if (chatOf(appid)?.messages.at(-1)?.who === 'account') return
    state.waiting = appid
    setTimeout(() => { if (state.waiting === appid) state.waiting = '' }, 6000)
  }
  async function follow(appid: string, ticket: string, scene: string): Promise<void> {
    const body = ticket ? { ticket } : { appid, scene }
    if (await tried(() => act(name, 'follow', body))) await openChat(appid)
  }

  async function hear(news: News): Promise<void> {
    if (news.kind === 'chat') {
      if (news.message.who !== 'person' && state.waiting === news.appid) state.waiting = ''
      heard.push({ appid: news.appid, message: news.message })
      const chat = chatOf(news.appid)
      if (!chat) { await refreshChat(news.appid); return }
      if (chat.messages.some((m) => m.id === news.message.id)) return
      chat.messages.push(news.message)
      chat.at = news.message.at
      state.chats.sort((a, b) => b.at - a.at)
      const top = state.stack.at(-1)
      if (top?.kind === 'chat' && top.appid === news.appid && document.visibilityState === 'visible') see(news.appid)
    } else if (news.kind === 'open') openPage(news.url)
    else if (news.kind === 'typing') state.typing[news.appid] = news.on
    else if (news.kind === 'follow' || news.kind === 'unfollow') await refreshChat(news.appid)
    // A new menu or name shows at once (WeChat takes up to a day).
    else if (news.kind === 'account' && chatOf(news.appid)) await refreshChat(news.appid)
  }
  /** Listen for as long as the page lives; the browser reconnects by itself, and then everything is read anew. */
  function listen(): void {
    const source = new EventSource(`/_sandbox/people/${name}/events`)
    source.onopen = () => { state.online = true; void refresh() }
    source.onerror = () => { state.online = false }
    source.onmessage = (event) => void hear(JSON.parse(event.data) as News)
    setInterval(() => { state.tick = Date.now() }, 5000)
    setInterval(() => { if (state.online) void syncClock() }, 20000)
  }
  async function syncClock(): Promise<void> {
    const clock = await get<{ unix: number; frozen: boolean }>('/clock').catch(() => null)
    if (clock) state.clock = { at: clock.unix, since: Date.now(), frozen: clock.frozen }
  }
  const accounts = async () => (await get<{ items: Account[] }>('/accounts')).items
    .filter((one) => one.kind === 'official' && one.appid !== 'wechatpay')

  return {
    name, state, now, chatOf, unread, unreadAll, toast, tried, push, pop, leave, ask, see, refresh, refreshChat, openChat, openPage,
    scan, waitFor, follow, listen, accounts,
  }
}

export type Phone = ReturnType<typeof createPhone>
export const PHONE: InjectionKey<Phone> = Symbol('phone')
export function usePhone(): Phone {
  const phone = inject(PHONE)
  if (!phone) throw new Error('no phone around this component')
  return phone
}
