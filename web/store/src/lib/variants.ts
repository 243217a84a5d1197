// Which variant the chosen values mean, and which values can still lead to one with stock.
import type { Product, Variant } from '@shared/api'

type Choice = Pick<Product, 'options' | 'variants'>

/** The variant of a full choice; a product without options has its only one. */
export function match(product: Choice, chosen: string[]): Variant | null {
  return product.variants.find((one) => product.options.every((_, axis) => one.options[axis] === chosen[axis])) ?? null
}

/** Whether a value, together with what is chosen on the other axes, leads to a variant in stock. */
export function possible(product: Choice, chosen: string[], axis: number, value: string): boolean {
  return product.variants.some((one) => one.stock > 0 && one.options.every((have, index) => (index === axis ? have === value : !chosen[index] || have === chosen[index])))
}

/** What to show first: the only variant, else the values of axes that leave no choice. */
export function first(product: Choice): string[] {
  return product.options.map(({ values }) => (values.length === 1 ? values[0]! : ''))
}
