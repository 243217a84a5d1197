/** Options and their product: what is known of a combination survives a change of the axes. */
import type { Option, Variant } from '@/api/types'
import { newId } from '@/lib/id'

export function combinations(options: Option[]): string[][] {
  return options.filter((one) => one.values.length).reduce<string[][]>((made, option) => made.flatMap((head) => option.values.map((value) => [...head, value])), [[]])
}

/** One variant per combination; it keeps the row it had, or begins from the nearest one with the same head. */
export function rebuild(options: Option[], before: Variant[]): Variant[] {
  const left = [...before]
  const take = (wanted: string[]) => {
    const exact = left.findIndex((one) => same(one.options, wanted))
    const near = exact >= 0 ? exact : left.findIndex((one) => one.options.length !== wanted.length && same(one.options.slice(0, wanted.length), wanted.slice(0, one.options.length)))
    return near >= 0 ? left.splice(near, 1)[0] : undefined
  }
  const model = before[0]
  return combinations(options).map((wanted) => {
    const known = take(wanted)
    if (known) return { ...known, options: wanted }
    return { id: newId(), options: wanted, price_fen: model?.price_fen ?? 0, market_price_fen: model?.market_price_fen ?? null, stock: 0, sku_code: '', picture_id: null }
  })
}

const same = (one: string[], other: string[]) => one.length === other.length && one.every((value, index) => value === other[index])
