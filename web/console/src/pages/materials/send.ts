/** Uploading with progress, which fetch cannot show: the file to us, then from us to WeChat. */
import { ApiError, api } from '@/api/http'
import { lang } from '@/lib/words'
import type { Material, MaterialKind } from '@/api/types'

export interface Sending {
  name: string
  /** 0 to 1 on the way to us; null while WeChat is given it. */
  part: number | null
  stop: () => void
}

export function keep(file: File, kind: MaterialKind, about: { title?: string; introduction?: string }, progress: (part: number) => void): { done: Promise<Material>; stop: () => void } {
  const request = new XMLHttpRequest()
  const done = new Promise<Material>((resolve, reject) => {
    const query = new URLSearchParams({ kind, title: about.title ?? '', introduction: about.introduction ?? '' })
    request.open('POST', `/api/console/materials?${query}`)
    request.setRequestHeader('x-requested-with', 'tongshang')
    request.setRequestHeader('accept', 'application/json')
    request.setRequestHeader('accept-language', lang.value === 'zh' ? 'zh-CN' : 'en')
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total)
    request.onload = () => {
      const body = read(request.responseText)
      if (request.status < 300) resolve(body as unknown as Material)
      else reject(new ApiError({ title: lang.value === 'zh' ? '上传没有成功' : 'The upload failed', code: `http.${request.status}`, status: request.status, ...body }))
    }
    const lost = () => reject(new ApiError({ title: lang.value === 'zh' ? '连接不上服务器' : 'Cannot reach the server', code: 'network', status: 0 }))
    request.onerror = lost
    request.onabort = () => reject(null)
    const form = new FormData()
    form.append('file', file)
    request.send(form)
  })
  return { done, stop: () => request.abort() }
}

function read(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** Hand a kept material to WeChat; harmless when it is there already. */
export const hand = (id: string) => api.post<Material>(`/materials/${id}/upload`)

export const ACCEPT: Record<MaterialKind, string> = { image: 'image/jpeg,image/png,image/gif,image/webp', voice: '.amr,.mp3,audio/mpeg,audio/amr', video: 'video/mp4' }

export const size = (bytes: number | null) => (bytes === null ? '' : bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`)
