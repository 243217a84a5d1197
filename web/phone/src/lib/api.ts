// The control plane, from the page's own host.

export class Refused extends Error {
  constructor(readonly status: number, detail: string) { super(detail) }
}

async function answered<T>(reply: Response): Promise<T> {
  if (reply.ok) return await reply.json() as T
  const said = await reply.json().catch(() => ({})) as { detail?: string }
  throw new Refused(reply.status, said.detail ?? reply.statusText)
}

export async function get<T>(path: string): Promise<T> {
  return answered(await fetch(`/_sandbox${path}`))
}

export async function post<T>(path: string, body: unknown = {}): Promise<T> {
  return answered(await fetch(`/_sandbox${path}`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  }))
}

/** Ask a thing of a person's phone. */
export const act = <T>(name: string, what: string, body: unknown = {}) => post<T>(`/people/${name}/${what}`, body)
