// A list that grows as one scrolls. An answer that arrives after a newer question is dropped.
import { ref, shallowRef } from 'vue'
import type { Listing } from '@shared/api'

export function usePages<T>(ask: (after: string | null) => Promise<Listing<T>>) {
  const items = shallowRef<T[]>([])
  const state = ref<'loading' | 'ready' | 'error'>('loading')
  const done = ref(false)
  let cursor: string | null = null
  let round = 0
  let busy = false

  async function fetch(mine: number): Promise<void> {
    busy = true
    try {
      const page = await ask(cursor)
      if (mine !== round) return
      items.value = cursor ? [...items.value, ...page.items] : page.items
      cursor = page.next ?? null
      done.value = !cursor
      state.value = 'ready'
    } catch {
      if (mine === round && !items.value.length) state.value = 'error'
    } finally {
      if (mine === round) busy = false
    }
  }
  /** Begin again, from the first page. */
  async function start(): Promise<void> {
    round += 1
    cursor = null
    items.value = []
    done.value = false
    state.value = 'loading'
    await fetch(round)
  }
  async function next(): Promise<void> {
    if (!busy && !done.value && cursor) await fetch(round)
  }
  return { items, state, done, start, next }
}
