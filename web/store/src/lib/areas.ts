// China's regions, fetched once from the shop's server, which keeps the list that freight is reckoned by.
import { get } from './http'
import type { Area } from './regions'

let kept: Promise<Area[]> | null = null

/** All areas, provinces first; asked for when they are first needed. */
export function areas(): Promise<Area[]> {
  kept ??= get<{ areas: [string, string][] }>('/regions').then(({ areas }) => areas.map(([code, name]) => ({ code, name })))
  kept.catch(() => { kept = null })
  return kept
}
