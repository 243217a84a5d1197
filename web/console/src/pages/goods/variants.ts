/** Options and their product: what is known of a combination survives a change of the axes. */
import type { Option, Variant } from '@/api/types'
import { freshVariant } from './shape'

export const MOST_VARIANTS = 100

export function combinations(options: Option[]): string[][] {
  return options.filter((one) => one.values.length).reduce<string[][]>((made, option) => made.flatMap((head) => option.values.map((value) => [...head, value])), [[]])
}

const same = (one: string[], other: string[]) => one.length === other.length && one.every((value, index) => value === other[index])
const key = (options: string[]) => JSON.stringify(options)

/**
 * One variant per combination. It keeps the row it had, or the one it had before its value was taken away (`attic`), or
 * begins from the nearest one with the same head: so its id, and what carts and orders know of it, stay.
 */
export function rebuild(options: Option[], before: Variant[], attic: Map<string, Variant>): Variant[] {
  for (const one of before) attic.set(key(one.options), one)
  const left = [...before]
  const take = (wanted: string[]) => {
    const exact = left.findIndex((one) => same(one.options, wanted))
    const kept = exact < 0 ? attic.get(key(wanted)) : undefined
    if (kept && !before.includes(kept)) return kept
    const near = exact >= 0 ? exact : left.findIndex((one) => one.options.length !== wanted.length && same(one.options.slice(0, wanted.length), wanted.slice(0, one.options.length)))
    return near >= 0 ? left.splice(near, 1)[0] : undefined
  }
  const model = before[0]
  return combinations(options).slice(0, MOST_VARIANTS + 1).map((wanted) => {
    const known = take(wanted)
    if (known) return { ...known, options: wanted }
    return { ...freshVariant(wanted), price_fen: model?.price_fen ?? 0, market_price_fen: model?.market_price_fen ?? null, member_price_fen: model?.member_price_fen ?? null, cost_fen: model?.cost_fen ?? null, weight_g: model?.weight_g ?? 0 }
  })
}
