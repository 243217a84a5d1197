/** The one way to the server: typed verbs, the cross-site header, and problem documents as errors. */
import { lang } from '@/lib/words'

export interface Problem {
  title: string
  status: number
  code: string
  detail?: string
  [extra: string]: unknown
}

export class ApiError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.title)
    this.problem = problem
  }
  get status() {
    return this.problem.status
  }
  get code() {
    return this.problem.code
  }
}

type Query = Record<string, string | number | boolean | null | undefined>
interface Options {
  query?: Query
  headers?: Record<string, string>
  signal?: AbortSignal
}
export interface Answer<T> {
  data: T
  etag: string | null
}

const listeners = new Set<() => void>()
/** Call back when the session has ended, so that the shell can ask for the password again. */
export function onSignedOut(listener: () => void) {
  listeners.add(listener)
}

export function address(path: string, query?: Query) {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== '') search.set(key, String(value))
  }
  const tail = search.toString()
  return `/api/console${path}${tail ? `?${tail}` : ''}`
}

async function problemOf(response: Response): Promise<Problem> {
  const zh = lang.value === 'zh'
  const fallback = {
    title: response.status >= 500 ? (zh ? '服务器出了点问题' : 'The server had a problem') : zh ? '请求没有成功' : 'The request failed',
    detail: zh ? '请稍后重试；若一直如此，请联系服务商。' : 'Please try again in a moment; if it stays, ask your provider.',
    status: response.status,
    code: 'http.' + response.status,
  }
  if (!response.headers.get('content-type')?.includes('json')) return fallback
  const body = (await response.json().catch(() => ({}))) as Partial<Problem>
  return body.title ? { ...fallback, detail: undefined, ...body } : fallback
}

export async function request<T>(method: string, path: string, body?: unknown, options: Options = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': lang.value === 'zh' ? 'zh-CN' : 'en', ...options.headers }
  if (method !== 'GET') headers['x-requested-with'] = 'tongshang'
  let payload: BodyInit | undefined
  if (body instanceof FormData) payload = body
  else if (body !== undefined) {
    headers['content-type'] = 'application/json'
    payload = JSON.stringify(body)
  }
  let response: Response
  try {
    response = await fetch(address(path, options.query), { method, headers, body: payload, signal: options.signal, credentials: 'same-origin' })
  } catch (error) {
    if (options.signal?.aborted) throw error
    const zh = lang.value === 'zh'
    throw new ApiError({
      title: zh ? '连接不上服务器' : 'Cannot reach the server',
      detail: zh ? '请检查网络后重试。' : 'Check your network, then try again.',
      status: 0,
      code: 'network',
    })
  }
  if (!response.ok) {
    const problem = await problemOf(response)
    if (response.status === 401 && !path.startsWith('/session')) listeners.forEach((tell) => tell())
    throw new ApiError(problem)
  }
  const text = response.status === 204 ? '' : await response.text()
  return { data: (text ? JSON.parse(text) : undefined) as T, etag: response.headers.get('etag') }
}

export const api = {
  get: async <T>(path: string, query?: Query, signal?: AbortSignal) => (await request<T>('GET', path, undefined, { query, signal })).data,
  put: async <T = void>(path: string, body?: unknown, headers?: Record<string, string>) => (await request<T>('PUT', path, body, { headers })).data,
  post: async <T = void>(path: string, body?: unknown) => (await request<T>('POST', path, body)).data,
  address,
  del: async <T = void>(path: string) => (await request<T>('DELETE', path)).data,
}
