// China's provinces, cities and districts as a tree; only ever imported lazily, because the list is large.
import { areaList } from '@vant/area-data'

export interface Area { code: string; name: string }
const lists = [areaList.province_list, areaList.city_list, areaList.county_list]
const LEADS = [0, 2, 4] // a child's code begins with as many digits of its parent's

/** The areas right below a code; all provinces for null. */
export function children(code: string | null): Area[] {
  const level = code === null ? 0 : code.endsWith('0000') ? 1 : code.endsWith('00') ? 2 : 3
  const lead = code?.slice(0, LEADS[level]) ?? ''
  return Object.entries(lists[level] ?? {}).filter(([one]) => one.startsWith(lead)).map(([one, name]) => ({ code: one, name }))
}

/** Find the areas of a stored address again; stops at the first name that is not known. */
export function locate(names: string[]): Area[] {
  const path: Area[] = []
  for (const name of names) {
    const found = children(path[path.length - 1]?.code ?? null).find((area) => area.name === name)
    if (!found) break
    path.push(found)
  }
  return path
}
