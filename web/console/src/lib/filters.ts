/** Filters of a list live in the URL, so that back, reload and a copied link keep them. */
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export function useFilters<F extends Record<string, string>>(defaults: F) {
  const route = useRoute()
  const router = useRouter()
  const filters = computed<F>(() => {
    const found: Record<string, string> = { ...defaults }
    for (const key of Object.keys(defaults)) {
      const value = route.query[key]
      if (typeof value === 'string') found[key] = value
    }
    return found as F
  })
  function set(change: Partial<F>) {
    const query: Record<string, string> = {}
    for (const [key, value] of Object.entries({ ...route.query, ...change })) {
      if (typeof value === 'string' && value !== '' && value !== defaults[key]) query[key] = value
    }
    void router.replace({ query })
  }
  const narrowed = computed(() => Object.keys(defaults).some((key) => filters.value[key] !== defaults[key]))
  const clear = () => set({ ...defaults })
  return { filters, set, narrowed, clear }
}
