/**
 * The editor's memory: what the server has, what is being written, and keeping the latter as it is typed.
 *
 * A draft is kept a moment after the last key. It never overwrites another's: the server compares revisions.
 */
import { computed, onBeforeUnmount, ref, watch } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'
import { useQueryClient } from '@tanstack/vue-query'
import { api, ApiError } from '@/api/http'
import type { Product, ProductAsked, ProductDraft } from '@/api/types'
import { ask } from '@/lib/ask'
import { done, failed } from '@/lib/tell'
import { asAsked, blank, copyOf, fromDraft } from './shape'
import { t } from './words'

const PAUSE_MS = 900
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
const missing = (error: unknown) => error instanceof ApiError && error.status === 404
async function perhaps<T>(path: string) {
  try {
    return await api.get<T>(path)
  } catch (error) {
    if (missing(error)) return null
    throw error
  }
}

export function useEditing(id: string, copiedFrom: string | null) {
  const path = `/products/${id}`
  const client = useQueryClient()
  const form = ref<ProductAsked>()
  const product = ref<Product | null>(null)
  const draft = ref<ProductDraft | null>(null)
  const aside = ref<ProductDraft | null>(null)
  const error = ref<unknown>(null)
  const loading = ref(true)
  const saving = ref(false)
  const keeping = ref<'' | 'waiting' | 'kept' | 'clash' | 'failed'>('')
  const clash = ref<'' | 'draft' | 'product'>('')
  const problem = ref<{ field?: string; variant?: string; title: string } | null>(null)
  const base = ref('')
  const known = ref('')
  const dirty = computed(() => form.value !== undefined && JSON.stringify(form.value) !== base.value)
  const isNew = computed(() => product.value === null)
  const behind = computed(() => Boolean(draft.value && product.value && draft.value.base_version < product.value.version))
  let timer = 0

  function show(asked: ProductAsked, unsaved: boolean) {
    form.value = copy(asked)
    known.value = JSON.stringify(form.value)
    if (!unsaved) base.value = known.value
  }
  async function load() {
    loading.value = true
    error.value = null
    clash.value = ''
    try {
      const [there, written] = await Promise.all([perhaps<Product>(path), perhaps<ProductDraft>(`${path}/draft`)])
      product.value = there
      draft.value = written && !written.discarded_at ? written : null
      aside.value = written?.discarded_at ? written : null
      base.value = JSON.stringify(there ? asAsked(there) : blank())
      if (draft.value) show(fromDraft(draft.value.doc), true)
      else if (there) show(asAsked(there), false)
      else if (copiedFrom) show(copyOf(asAsked(await api.get<Product>(`/products/${copiedFrom}`)), t('copyMark')), true)
      else show(blank(), false)
      if (!draft.value && !there && copiedFrom) schedule()
    } catch (found) {
      error.value = found
    } finally {
      loading.value = false
    }
  }

  function schedule() {
    keeping.value = 'waiting'
    clearTimeout(timer)
    timer = window.setTimeout(() => void keep(), PAUSE_MS)
  }
  /** Keep what is written now; `over` says over whose revision, for whoever insists on his own words. */
  async function keep(over?: number) {
    clearTimeout(timer)
    if (!form.value || saving.value || (clash.value && over === undefined)) return
    const text = JSON.stringify(form.value)
    try {
      const headers = { 'If-Match': `"${over ?? draft.value?.rev ?? 0}"` }
      draft.value = await api.put<ProductDraft>(`${path}/draft`, { doc: form.value, base_version: product.value?.version ?? 0 }, headers)
      aside.value = null
      known.value = text
      clash.value = ''
      keeping.value = JSON.stringify(form.value) === text ? 'kept' : 'waiting'
      if (keeping.value === 'waiting') schedule()
    } catch (found) {
      const clashed = found instanceof ApiError && found.code === 'draft.changed'
      keeping.value = clashed ? 'clash' : 'failed'
      if (clashed) clash.value = 'draft'
      else timer = window.setTimeout(() => void keep(), 5000)
    }
  }
  watch(form, () => form.value && JSON.stringify(form.value) !== known.value && schedule(), { deep: true })

  async function insist() {
    if (clash.value === 'product') product.value = await perhaps<Product>(path)
    const theirs = clash.value === 'draft' ? await perhaps<ProductDraft>(`${path}/draft`) : null
    const saved = clash.value === 'product'
    clash.value = ''
    if (saved) return save()
    await keep(theirs?.rev ?? 0)
  }
  async function save() {
    if (!form.value || saving.value) return false
    clearTimeout(timer)
    saving.value = true
    problem.value = null
    try {
      product.value = await api.put<Product>(path, form.value, { 'If-Match': `"${product.value?.version ?? 0}"` })
      draft.value = null
      show(asAsked(product.value), false)
      keeping.value = ''
      done(t('saved'))
      await client.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith('/product') })
      return true
    } catch (found) {
      if (found instanceof ApiError && found.code === 'product.changed_meanwhile') clash.value = 'product'
      else if (found instanceof ApiError) problem.value = { title: found.problem.title, field: found.problem.field as string, variant: found.problem.variant as string }
      failed(found)
      return false
    } finally {
      saving.value = false
    }
  }
  async function discard() {
    clearTimeout(timer)
    try {
      if (draft.value) await api.del(`${path}/draft`)
      if (draft.value) aside.value = { ...draft.value, doc: copy(form.value!), discarded_at: new Date().toISOString() }
      draft.value = null
      show(product.value ? asAsked(product.value) : blank(), false)
      keeping.value = ''
    } catch (found) {
      failed(found)
    }
  }
  async function restore() {
    try {
      draft.value = await api.put<ProductDraft>(`${path}/draft/restoration`)
      aside.value = null
      show(fromDraft(draft.value.doc), true)
      keeping.value = 'kept'
    } catch (found) {
      failed(found)
    }
  }

  const unload = (event: BeforeUnloadEvent) => dirty.value && keeping.value !== 'kept' && event.preventDefault()
  window.addEventListener('beforeunload', unload)
  onBeforeUnmount(() => {
    window.removeEventListener('beforeunload', unload)
    clearTimeout(timer)
  })
  onBeforeRouteLeave(async () => {
    if (!dirty.value) return true
    if (keeping.value === 'waiting') await keep()
    const lost = keeping.value !== 'kept'
    return ask({ title: t('leaveAsk'), text: t(lost ? 'leaveLost' : 'leaveKept'), yes: t(lost ? 'leaveAnyway' : 'leaveYes'), no: t('stay'), danger: lost })
  })
  void load()
  return { form, product, draft, aside, error, loading, saving, keeping, clash, problem, dirty, isNew, behind, load, save, discard, restore, insist }
}
