/** What the console's API says, until the generated schema replaces it. */
export * from './types/account'
export * from './types/goods'
export * from './types/shop'
export * from './types/trade'
export * from './types/promotions'
export * from './types/kinds'
export * from './types/money'
export * from './types/pay'
export * from './types/journal'
export * from './types/platform'
export * from './types/materials'
export * from './types/media'
export * from './types/replies'
export * from './types/people'
export * from './types/conversations'

export interface Page<T> {
  items: T[]
  next: string | null
  /** Some lists also say how many there are of each state. */
  counts?: Record<string, number>
}
export * from './types/reviews'
