// The pure functions all three apps stand on.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contrast, readable, theme } from './colour.ts'
import { money, parseYuan, parts, shortYuan, yuan } from './money.ts'
import { at, srcset } from './picture.ts'
import { fill, pickLang, translator, type Lang } from './t.ts'

test('fen become yuan without losing any', () => {
  assert.equal(yuan(1280), '12.80')
  assert.equal(yuan(5), '0.05')
  assert.equal(yuan(90071992547409), '900719925474.09')
  assert.equal(money(-500), '-¥5.00')
  assert.equal(money(0), '¥0.00')
  assert.deepEqual(parts(123456), ['1234', '56'])
  assert.throws(() => yuan(12.5), RangeError)
})

test('short yuan drop only the zeros behind the point', () => {
  assert.equal(shortYuan(1200), '12')
  assert.equal(shortYuan(1250), '12.5')
  assert.equal(shortYuan(10000), '100')
  assert.equal(shortYuan(1255), '12.55')
})

test('what people type becomes fen or nothing, and comes back the same', () => {
  assert.equal(parseYuan('12.8'), 1280)
  assert.equal(parseYuan(' 0.29 '), 29)
  assert.equal(parseYuan('7.'), 700)
  for (const bad of ['', '-1', '1.234', '1,000', 'abc', '1e3']) assert.equal(parseYuan(bad), null)
  for (let fen = 0; fen < 20000; fen += 1) assert.equal(parseYuan(yuan(fen)), fen)
})

test('t() speaks both languages and follows a switch', () => {
  let lang: Lang = 'zh'
  const t = translator({ hi: ['你好 {name}', 'Hello {name}'], plain: ['空', 'Empty'] }, () => lang)
  assert.equal(t('hi', { name: '小茶' }), '你好 小茶')
  lang = 'en'
  assert.equal(t('hi', { name: 'Tea' }), 'Hello Tea')
  assert.equal(t('plain'), 'Empty')
  assert.equal(fill('{a} {b}', { a: 1 }), '1 {b}')
  const sent = (n: number | string) => fill('{n} {n?order is|orders are} sent', { n })
  assert.deepEqual([sent(0), sent(1), sent('1'), sent('1,200')], ['0 orders are sent', '1 order is sent', '1 order is sent', '1,200 orders are sent'])
  assert.equal(fill('{m?one|more}', { n: 1 }), '{m?one|more}')
})

test('the language follows the first tag that is one of ours', () => {
  assert.equal(pickLang(['zh_CN']), 'zh')
  assert.equal(pickLang(['fr', 'en-US', 'zh']), 'en')
  assert.equal(pickLang(['fr']), 'zh')
})

test('any theme colour leaves readable text', () => {
  for (const colour of ['#07c160', '#ffee00', '#ffffff', '#000000', '#e8508c', '#c8102e', '#1989fa']) {
    const tokens = theme(colour)
    assert.ok(contrast(tokens.fill, '#ffffff') >= 4.5, `white on ${tokens.fill}`)
    assert.ok(contrast(tokens.ink, tokens.tint) >= 4.5, `${tokens.ink} on ${tokens.tint}`)
  }
  assert.equal(readable('#000000'), '#000000')
  assert.equal(theme('nonsense').primary, theme(null).primary)
})

test('pictures name their widths', () => {
  const picture = { id: 'a', url: '/media/m/abc/750.webp', width: 800, height: 800 }
  assert.equal(at(picture, 320), '/media/m/abc/320.webp')
  assert.equal(at({ ...picture, url: '/media/m/abc' }, 320), '/media/m/abc/320.webp')
  assert.match(srcset(picture), /320\.webp 320w, .*1500\.webp 1500w/)
  assert.equal(srcset({ ...picture, url: 'http://a/b.png' }), '')
})
