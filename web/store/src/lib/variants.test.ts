import assert from 'node:assert/strict'
import { test } from 'node:test'
import { first, match, possible } from './variants'

const variant = (id: string, options: string[], stock: number) => ({ id, options, stock, price_fen: 100 })
const tea = {
  options: [{ name: '规格', values: ['50g', '250g'] }, { name: '包装', values: ['罐装', '袋装'] }],
  variants: [variant('a', ['50g', '罐装'], 3), variant('b', ['250g', '罐装'], 0), variant('c', ['250g', '袋装'], 5)],
}

test('a full choice names its variant', () => {
  assert.equal(match(tea, ['250g', '袋装'])?.id, 'c')
  assert.equal(match(tea, ['50g', '袋装']), null)
  assert.equal(match(tea, ['50g', '']), null)
  assert.equal(match({ options: [], variants: [variant('only', [], 1)] }, [])?.id, 'only')
})

test('values without stock behind them cannot be chosen', () => {
  assert.equal(possible(tea, ['', ''], 0, '50g'), true)
  assert.equal(possible(tea, ['250g', ''], 1, '罐装'), false)
  assert.equal(possible(tea, ['250g', '罐装'], 1, '袋装'), true)
  assert.equal(possible(tea, ['50g', ''], 1, '袋装'), false)
})

test('an axis with one value is chosen from the start', () => {
  assert.deepEqual(first({ ...tea, options: [{ name: 'x', values: ['only'] }] }), ['only'])
  assert.deepEqual(first(tea), ['', ''])
})
