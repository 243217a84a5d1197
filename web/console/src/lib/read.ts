/** Read one document; its path is its cache key. */
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { useQuery } from '@tanstack/vue-query'
import { api } from '@/api/http'
import type { Page } from '@/api/types'

type Query = Record<string, string | number | undefined>

interface Options {
  query?: MaybeRefOrGetter<Query>
  enabled?: MaybeRefOrGetter<boolean>
  /** Never ask again by itself: every answer is a new one. */
  once?: boolean
  everySeconds?: MaybeRefOrGetter<number | false>
}

export function useRead<T>(path: MaybeRefOrGetter<string>, options: Options = {}) {
  return useQuery({
    queryKey: computed(() => [toValue(path), 'read', toValue(options.query) ?? {}]),
    queryFn: ({ signal }) => api.get<T>(toValue(path), toValue(options.query), signal),
    ...(options.once ? { staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false } : {}),
    enabled: computed(() => toValue(options.enabled) ?? true),
    refetchInterval: computed(() => {
      const every = toValue(options.everySeconds)
      return every ? every * 1000 : false
    }),
  })
}

/** Short lists come bare, long ones in pages: both are read as a page. */
export function pageOf<T>(answer: Page<T> | T[]): Page<T> {
  return Array.isArray(answer) ? { items: answer, next: null } : answer
}

export function usePage<T>(path: MaybeRefOrGetter<string>, query: MaybeRefOrGetter<Query> = {}, enabled: MaybeRefOrGetter<boolean> = true) {
  return useQuery({
    enabled: computed(() => toValue(enabled)),
    queryKey: computed(() => [toValue(path), 'page', toValue(query)]),
    queryFn: async ({ signal }) => pageOf(await api.get<Page<T> | T[]>(toValue(path), toValue(query), signal)),
  })
}
