import assert from 'node:assert/strict'
import { test } from 'node:test'
import { children, locate } from './regions'

test('every province leads down to a district or ends there', () => {
  const provinces = children(null)
  assert.ok(provinces.length >= 31)
  assert.deepEqual(children('330000').map((one) => one.name).slice(0, 2), ['杭州市', '宁波市'])
  assert.ok(children('330100').some((one) => one.name === '西湖区'))
  assert.deepEqual(children('330106'), [])
})

test('a stored address finds its way back', () => {
  assert.deepEqual(locate(['浙江省', '杭州市', '西湖区']).map((one) => one.code), ['330000', '330100', '330106'])
  assert.deepEqual(locate(['浙江省', '无名市']).map((one) => one.name), ['浙江省'])
  assert.deepEqual(locate([]), [])
})
