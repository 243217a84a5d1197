/** Say to the person what happened: one toast for success, title and next step for a problem. */
import { ElMessage } from 'element-plus/es/components/message/index'
import 'element-plus/es/components/message/style/css'
import { h } from 'vue'
import { ApiError } from '@/api/http'
import { say } from './words'

export function done(text: string) {
  ElMessage({ type: 'success', message: text, grouping: true })
}

export function problemText(error: unknown): { title: string; detail: string } {
  if (error instanceof ApiError) return { title: error.problem.title, detail: error.problem.detail ?? '' }
  return {
    title: say(['页面出了点问题', 'Something went wrong on this page']),
    detail: say(['请刷新页面再试。', 'Reload the page and try again.']),
  }
}

export function failed(error: unknown) {
  const { title, detail } = problemText(error)
  ElMessage({
    type: 'error',
    duration: 6000,
    showClose: true,
    grouping: true,
    message: h('div', { role: 'alert' }, [h('strong', title), detail && detail !== title ? h('div', { style: 'margin-top:4px' }, detail) : null]),
  })
}
