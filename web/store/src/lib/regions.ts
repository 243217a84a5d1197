// China's regions as a tree of codes and names, and finding an area in it by its name or a part of that.

export interface Area { code: string; name: string }

const above = (code: string): string => (code.endsWith('0000') ? '' : code.endsWith('00') ? `${code.slice(0, 2)}0000` : `${code.slice(0, 4)}00`)

/** The areas right below a code; all provinces for "". */
export const children = (all: Area[], code: string): Area[] => all.filter((one) => above(one.code) === code)

/** An area with those it lies in, the province first. */
export function path(all: Area[], area: Area): Area[] {
  const parent = all.find((one) => one.code === above(area.code))
  return parent ? [...path(all, parent), area] : [area]
}

/** Find the areas of a stored address again; stops at the first name that is not known. */
export function locate(all: Area[], names: string[]): Area[] {
  const found: Area[] = []
  for (const name of names) {
    const next = children(all, found[found.length - 1]?.code ?? '').find((one) => one.name === name || one.name.startsWith(name))
    if (!next) break
    found.push(next)
  }
  return found
}

const MOST = 30

/** Areas by a part of their name; whole names and larger areas first. */
export function search(all: Area[], text: string): Area[] {
  const rank = (one: Area): number => (one.name === text ? 0 : one.name.startsWith(text) ? 1 : 2)
  return all.filter((one) => one.name.includes(text)).sort((a, b) => rank(a) - rank(b)).slice(0, MOST)
}
