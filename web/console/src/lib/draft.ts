/** A form over a server document: a copy to edit, what changed, saving, and a guard against leaving. */
import { computed, onBeforeUnmount, ref, watch, type Ref } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'
import { ask } from './ask'
import { done, failed } from './tell'
import { say } from './words'

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** Ask whether what was typed may be lost. */
export const discard = () =>
  ask({
    title: say(['放弃未保存的修改？', 'Discard unsaved changes?']),
    text: say(['离开后，这一页上的修改不会保留。', 'The changes on this page will be lost.']),
    yes: say(['放弃修改', 'Discard']),
    no: say(['继续编辑', 'Keep editing']),
    danger: true,
  })

/** Warn before unsaved work is lost, by a link here or by closing the tab. */
export function useLeaveGuard(dirty: () => boolean) {
  const unload = (event: BeforeUnloadEvent) => dirty() && event.preventDefault()
  window.addEventListener('beforeunload', unload)
  onBeforeUnmount(() => window.removeEventListener('beforeunload', unload))
  onBeforeRouteLeave(() => !dirty() || discard())
}

export function useDraft<T extends object>(source: Ref<T | undefined>, save: (draft: T) => Promise<unknown>) {
  const draft = ref<T>() as Ref<T | undefined>
  const base = ref('')
  const saving = ref(false)
  const problem = ref<unknown>(null)
  const dirty = computed(() => draft.value !== undefined && JSON.stringify(draft.value) !== base.value)

  function reset() {
    if (!source.value) return
    draft.value = copy(source.value)
    base.value = JSON.stringify(draft.value)
    problem.value = null
  }
  // What the server says replaces the draft only while nobody is typing.
  watch(source, () => (!draft.value || !dirty.value) && reset(), { immediate: true })

  async function submit(message = say(['已保存', 'Saved'])) {
    if (!draft.value || saving.value) return false
    saving.value = true
    problem.value = null
    try {
      await save(copy(draft.value))
      base.value = JSON.stringify(draft.value)
      done(message)
      return true
    } catch (error) {
      problem.value = error
      failed(error)
      return false
    } finally {
      saving.value = false
    }
  }
  useLeaveGuard(() => dirty.value)
  return { draft, dirty, saving, problem, reset, submit }
}
