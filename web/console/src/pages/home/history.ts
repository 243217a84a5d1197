/** Undo and redo over whole documents; fast typing in one place is one step. */
import { computed, ref, type Ref } from 'vue'

const DEPTH = 100
const PAUSE = 700

export function useHistory<T>(current: Ref<T | undefined>) {
  const past = ref<string[]>([]) as Ref<string[]>
  const future = ref<string[]>([]) as Ref<string[]>
  let known = ''
  let at = 0

  function begin() {
    known = JSON.stringify(current.value)
    past.value = []
    future.value = []
  }
  /** Call after every change of the document. */
  function changed() {
    const now = JSON.stringify(current.value)
    if (now === known) return
    if (Date.now() - at > PAUSE || !past.value.length) past.value = [...past.value.slice(1 - DEPTH), known]
    at = Date.now()
    known = now
    future.value = []
  }
  function step(from: Ref<string[]>, to: Ref<string[]>) {
    const next = from.value.at(-1)
    if (next === undefined) return
    from.value = from.value.slice(0, -1)
    to.value = [...to.value, known]
    known = next
    at = 0
    current.value = JSON.parse(next) as T
  }
  return {
    begin,
    changed,
    undo: () => step(past, future),
    redo: () => step(future, past),
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
  }
}
