import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uuid } from './uuid'
import { clock, day, when } from './when'

test('times are told in Shanghai', () => {
  assert.equal(when('2026-11-22T13:30:00Z'), '2026-11-22 21:30')
  assert.equal(day('2026-11-22T16:00:00Z'), '2026-11-23')
  assert.equal(when(null), '')
  assert.equal(when('nonsense'), '')
})

test('a countdown stops at zero', () => {
  assert.equal(clock(845000), '14:05')
  assert.equal(clock(3729000), '1:02:09')
  assert.equal(clock(-5), '00:00')
})

test('order ids are random UUIDs of version 4', () => {
  const made = new Set(Array.from({ length: 200 }, uuid))
  assert.equal(made.size, 200)
  for (const id of made) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
