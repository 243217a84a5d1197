/** Reading what the account has at WeChat: begun here, seen as it goes. */
import { computed, ref, watch } from 'vue'
import { api } from '@/api/http'
import type { ArchiveImport } from '@/api/types'
import { useAct } from '@/lib/act'
import { useRead } from '@/lib/read'
import { words } from '@/lib/words'
const t = words({ draft: ['草稿', 'drafts'], published: ['已发布', 'publications'], going: ['正在读取{what}：{n} / {of}', 'Reading {what}: {n} of {of}'], done: ['已读取 {n} 组', '{n} {n?set|sets} read'], failed: ['读取失败（{code}），请稍后再试', 'Failed ({code}); try again later'] })

export function useImport() {
  const every = ref<number | false>(false)
  const { data } = useRead<{ latest: ArchiveImport | null }>('/archive/import', { everySeconds: every })
  const { busy, act, refresh } = useAct()
  const latest = computed(() => data.value?.latest ?? null)
  const running = computed(() => latest.value?.state === 'running')
  watch(running, async (now, before) => {
    every.value = now ? 1 : false
    if (before && !now) await refresh('/archive')
  }, { immediate: true })
  const told = computed(() => {
    const one = latest.value
    if (!one) return ''
    if (one.state === 'failed') return t('failed', { code: one.errcode ?? '' })
    return one.state === 'done' ? t('done', { n: one.seen }) : t('going', { what: t(one.place), n: one.reached, of: one.total })
  })
  const begin = () => act('import', () => api.post('/archive/import'), '', ['/archive/import'])
  return { latest, running, told, begin, busy }
}
