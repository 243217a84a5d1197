/**
 * Whether a worker lives. Its stamps are the server's world time, which in a demo may be turned away from this
 * browser's clock: so a stamp that moves between two looks counts as life, whatever time it tells.
 */
import { onBeforeUnmount, reactive, ref, watch, type Ref } from 'vue'
import type { Worker } from '@/api/types'

const QUIET = 60_000
const FIRST_LOOK = 25_000

export function useHeartbeat(workers: Ref<Worker[]>) {
  const moved = reactive<Record<string, number>>({})
  const opened = Date.now()
  const now = ref(opened)
  const timer = window.setInterval(() => (now.value = Date.now()), 5000)
  onBeforeUnmount(() => clearInterval(timer))
  watch(
    workers,
    (found, before) => {
      for (const one of found) {
        const last = before?.find((other) => other.id === one.id)
        const near = Math.abs(Date.now() - Date.parse(one.seen_at)) < QUIET
        if (last ? last.seen_at !== one.seen_at : near) moved[one.id] = Date.now()
      }
    },
    { immediate: true },
  )
  return (one: Worker): 'alive' | 'looking' | 'lost' => {
    if (now.value - (moved[one.id] ?? 0) < QUIET) return 'alive'
    return now.value - opened < FIRST_LOOK ? 'looking' : 'lost'
  }
}
