/** Send many pictures one after another, and say how far that is. */
import { reactive } from 'vue'
import { useQueryClient } from '@tanstack/vue-query'
import { api } from '@/api/http'
import { upload } from '@/lib/media'
import { failed } from '@/lib/tell'

export function useSending() {
  const client = useQueryClient()
  const progress = reactive({ done: 0, all: 0 })
  async function send(files: Iterable<File>, folder: string | null = null) {
    const wanted = [...files].filter((one) => one.type.startsWith('image/'))
    const ids: string[] = []
    progress.all += wanted.length
    for (const file of wanted) {
      try {
        ids.push((await upload(file)).id)
      } catch (error) {
        failed(error)
      } finally {
        progress.done += 1
      }
    }
    if (progress.done >= progress.all) Object.assign(progress, { done: 0, all: 0 })
    if (folder && ids.length) await api.put('/media/placement', { ids, folder_id: folder }).catch(failed)
    await client.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith('/media') })
    return ids
  }
  return { progress, send }
}
