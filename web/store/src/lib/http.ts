// The store API over uni.request, which both the browser and the mini program have.
import type { Problem } from '@shared/api'
import { keep, kept, lang, slug, t } from './env'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
export type Query = Record<string, string | number | boolean | null | undefined>

/** The server said no (or could not be reached: status 0); the message is fit for a person. */
export class Refused extends Error {
  constructor(readonly status: number, readonly code: string, message: string, readonly problem?: Problem) {
    super(message)
  }
}

/** A quiet call never sends a stranger to the log-in. */
export interface Call { method: Method; path: string; data?: unknown; quiet?: boolean }
type OnStranger = () => Promise<never>
let onStranger: OnStranger = () => Promise.reject(new Refused(401, 'session.needed', t('error.login')))

/** Say what happens when the server does not know the visitor (set once by session.ts). */
export function whenStranger(handler: OnStranger): void {
  onStranger = handler
}

let ready: Promise<unknown> = Promise.resolve()
/** Let every call wait for the log-in that is under way. */
export function after(work: Promise<unknown>): void {
  ready = work
}

export const token = { get: () => kept<string>('token'), set: (value: string | null) => keep('token', value) }

function once(call: Call): Promise<{ status: number; body: unknown }> {
  const header: Record<string, string> = { 'Accept-Language': lang.value === 'zh' ? 'zh-CN' : 'en' }
  const bearer = token.get()
  if (bearer) header.Authorization = `Bearer ${bearer}`
  return new Promise((resolve, reject) => {
    uni.request({
      url: `/api/store/${encodeURIComponent(slug)}${call.path}`,
      method: call.method,
      data: call.data as never,
      header,
      timeout: 15000,
      success: (answer) => resolve({ status: answer.statusCode, body: answer.data }),
      fail: () => reject(new Refused(0, 'network', t('error.network'))),
    })
  })
}

async function send<T>(call: Call): Promise<T> {
  const { status, body } = await once(call)
  if (status >= 200 && status < 300) return body as T
  const problem = (body && typeof body === 'object' ? body : {}) as Problem
  if (status === 401 && !call.quiet) return onStranger()
  throw new Refused(status, problem.code ?? `http.${status}`, problem.detail || problem.title || t('error.server'), problem)
}

/** Ask the store API; waits for a log-in under way. */
export async function api<T>(method: Method, path: string, data?: unknown): Promise<T> {
  await ready
  return send<T>({ method, path, data })
}

/** The same without waiting, for the log-in itself. */
export const bare = send

export function get<T>(path: string, query: Query = {}): Promise<T> {
  const known = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '')
  const tail = known.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join('&')
  return api<T>('GET', tail ? `${path}?${tail}` : path)
}

/** A whole short list, whether the server wraps it or not. */
export async function list<T>(path: string): Promise<T[]> {
  const answer = await get<T[] | { items: T[] }>(path)
  return Array.isArray(answer) ? answer : answer.items
}

/** A sentence for any failure. */
export function say(fault: unknown): string {
  return fault instanceof Refused ? fault.message : t('error.server')
}

/** Show a short sentence over the page. */
export function toast(text: string): void {
  void uni.showToast({ title: text, icon: 'none', duration: 2200 })
}

/** Run one step of a person's wish; a refusal becomes a toast and null. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (fault) {
    toast(say(fault))
    return null
  }
}
