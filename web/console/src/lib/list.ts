/** A keyset list: pages by cursor, gathered into one array that grows with "load more". */
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/vue-query'
import { api } from '@/api/http'
import type { Page } from '@/api/types'
import { pageOf } from './read'

type Query = Record<string, string | number | undefined>

export function useList<T>(path: MaybeRefOrGetter<string>, query: MaybeRefOrGetter<Query> = {}, limit = 30) {
  const key = computed(() => [toValue(path), 'list', toValue(query)])
  const result = useInfiniteQuery({
    queryKey: key,
    queryFn: async ({ pageParam, signal }) => pageOf(await api.get<Page<T> | T[]>(toValue(path), { ...toValue(query), after: pageParam ?? undefined, limit }, signal)),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  })
  const items = computed<T[]>(() => result.data.value?.pages.flatMap((page) => page.items) ?? [])
  const first = computed(() => result.data.value?.pages[0])
  return {
    items,
    first,
    loading: result.isPending,
    refreshing: computed(() => result.isFetching.value && !result.isFetchingNextPage.value),
    error: result.error,
    more: result.hasNextPage,
    loadingMore: result.isFetchingNextPage,
    loadMore: () => void result.fetchNextPage(),
    reload: () => void result.refetch(),
  }
}
export type List<T> = ReturnType<typeof useList<T>>
