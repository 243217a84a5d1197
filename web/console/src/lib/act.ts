/** Run one action of a button: busy while it runs, a toast for its end, then fresh data. */
import { ref } from 'vue'
import { useQueryClient } from '@tanstack/vue-query'
import { done, failed } from './tell'

export function useAct() {
  const client = useQueryClient()
  const busy = ref('')

  /** Do `work`; on success say `message` and refetch every query whose path begins with one of `touches`. */
  async function act(name: string, work: () => Promise<unknown>, message = '', touches: string[] = []) {
    if (busy.value) return false
    busy.value = name
    try {
      await work()
      if (message) done(message)
      await refresh(...touches)
      return true
    } catch (error) {
      failed(error)
      return false
    } finally {
      busy.value = ''
    }
  }
  function refresh(...paths: string[]) {
    return client.invalidateQueries({
      predicate: (query) => paths.some((path) => String(query.queryKey[0]).startsWith(path)),
    })
  }
  return { busy, act, refresh }
}
