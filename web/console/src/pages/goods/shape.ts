/** Goods as the editor holds them: new, read from the server, or copied from others. */
import type { Product, ProductAsked, Variant } from '@/api/types'
import { newId } from '@/lib/id'
import { remember } from '@/lib/media'

export const freshVariant = (options: string[] = []): Variant => ({
  id: newId(), options, price_fen: 0, market_price_fen: null, member_price_fen: null, cost_fen: null, stock: 0, sku_code: '', barcode: '', weight_g: 0, picture_id: null,
})

export const blank = (): ProductAsked => ({
  title: '', subtitle: '', category_id: null, pictures: [], detail: '', options: [], state: 'off', variants: [freshVariant()],
  kind: 'physical', deduct: 'placing', tags: [], on_sale_from: null, on_sale_until: null, limit_order: null, limit_person: null, limit_days: null,
  freight_template_id: null, form: [], terms: {},
})

/** What the server shows, as it wants it back. */
export function asAsked(product: Product): ProductAsked {
  remember(product.pictures.filter((one) => typeof one !== 'string'))
  const { title, subtitle, category_id, detail, state, kind, deduct, tags, on_sale_from, on_sale_until, limit_order, limit_person, limit_days, freight_template_id, terms } = product
  return {
    title, subtitle, category_id, detail, state, kind, deduct, tags: [...tags], on_sale_from, on_sale_until, limit_order, limit_person, limit_days, freight_template_id, terms,
    form: product.form.map(({ key, name, type, required, options }) => ({ key, name, type, required, options: [...options] })),
    options: product.options.map(({ name, values }) => ({ name, values: [...values] })),
    pictures: product.pictures.map((one) => (typeof one === 'string' ? one : one.id)),
    variants: product.variants.map(({ id, options, price_fen, market_price_fen, member_price_fen, cost_fen, stock, sku_code, barcode, weight_g, picture_id }) => ({
      id, options: [...options], price_fen, market_price_fen, member_price_fen, cost_fen, stock, sku_code, barcode, weight_g, picture_id,
    })),
  }
}

/** A copy of other goods: new ids, no codes, nothing in stock, not on the shelf. */
export function copyOf(asked: ProductAsked, mark: string): ProductAsked {
  return {
    ...asked, title: `${asked.title}${mark}`.slice(0, 60), state: 'off',
    variants: asked.variants.map((one) => ({ ...one, id: newId(), stock: 0, sku_code: '', barcode: '' })),
  }
}

/** A draft may be older than the editor, or half written: what it lacks is as in new goods. */
export const fromDraft = (doc: Partial<ProductAsked>): ProductAsked => ({ ...blank(), ...doc })
