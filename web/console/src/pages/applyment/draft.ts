/** The form in hand: saved by itself a moment after the last key, one save at a time, over the revision it was read at. */
import { computed, onBeforeUnmount, ref, watch, type Ref } from 'vue'
import { useQueryClient } from '@tanstack/vue-query'
import { api } from '@/api/http'
import type { ApplymentView, Form } from '@/api/types/applyments'
import { useLeaveGuard } from '@/lib/draft'
import { failed } from '@/lib/tell'

const PAUSE_MS = 900

export function useApplication(view: Ref<ApplymentView | undefined>) {
  const client = useQueryClient()
  const form = ref<Form | null>(null)
  const base = ref('')
  const saving = ref(false)
  const broken = ref(false)
  let rev = 0
  let timer = 0
  let held = ''
  const dirty = computed(() => form.value !== null && JSON.stringify(form.value) !== base.value)
  useLeaveGuard(() => dirty.value)

  function take(from: ApplymentView) {
    held = from.id
    rev = from.rev
    broken.value = false
    form.value = from.form ? { ...from.form } : null
    base.value = JSON.stringify(form.value)
  }
  // What the server says replaces the form only when another application is shown, or nothing was typed here.
  watch(view, (now) => now && (now.id !== held || (!dirty.value && now.rev !== rev)) && take(now), { immediate: true })
  watch(form, () => {
    window.clearTimeout(timer)
    if (dirty.value) timer = window.setTimeout(save, PAUSE_MS)
  }, { deep: true })
  onBeforeUnmount(() => window.clearTimeout(timer))

  function put(answer: ApplymentView) {
    client.setQueryData([`/applyments/${answer.id}`, 'read', {}], answer)
  }
  async function save(): Promise<boolean> {
    window.clearTimeout(timer)
    while (saving.value) await new Promise((done) => setTimeout(done, 50))
    if (!dirty.value || !form.value) return true
    const sent = JSON.stringify(form.value)
    saving.value = true
    try {
      const answer = await api.put<ApplymentView>(`/applyments/${held}`, { rev, form: JSON.parse(sent) })
      rev = answer.rev
      base.value = sent
      broken.value = false
      put(answer)
    } catch (error) {
      broken.value = true
      failed(error)
      return false
    } finally {
      saving.value = false
    }
    if (dirty.value) timer = window.setTimeout(save, PAUSE_MS)
    return true
  }
  return { form, dirty, saving, broken, save, take, put, rev: () => rev }
}
