import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Area, children, locate, path, search } from './regions'

const all: Area[] = Object.entries({
  '330000': '浙江省', '340000': '安徽省', '330100': '杭州市', '330200': '宁波市', '330106': '西湖区', '330203': '海曙区', '340100': '合肥市',
}).map(([code, name]) => ({ code, name }))
const codes = (list: Area[]) => list.map((one) => one.code)

test('areas lie below one another', () => {
  assert.deepEqual(codes(children(all, '')), ['330000', '340000'])
  assert.deepEqual(codes(children(all, '330000')), ['330100', '330200'])
  assert.deepEqual(codes(children(all, '330106')), [])
  assert.deepEqual(codes(path(all, { code: '330106', name: '西湖区' })), ['330000', '330100', '330106'])
})

test('a stored address finds its way back, by whole names or short ones', () => {
  assert.deepEqual(codes(locate(all, ['浙江省', '杭州市', '西湖区'])), ['330000', '330100', '330106'])
  assert.deepEqual(codes(locate(all, ['浙江', '杭州'])), ['330000', '330100'])
  assert.deepEqual(codes(locate(all, ['浙江省', '无名市'])), ['330000'])
  assert.deepEqual(locate(all, []), [])
})

test('an area is found by a part of its name, whole names first', () => {
  assert.deepEqual(codes(search(all, '西湖')), ['330106'])
  assert.equal(search(all, '海')[0]?.code, '330203')
})
