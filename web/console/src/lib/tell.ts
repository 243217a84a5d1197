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

/** Problems that end where the account is authorized: not connected, withdrawn, or a permission set is missing. */
const AUTHORIZE = ['wechat.no_account', 'wechat.withdrawn', 'wechat.not_granted']
const UNGRANTED = /^(48001|61003|61007)\b/

export function wantsAuthorization(error: unknown) {
  if (!(error instanceof ApiError)) return false
  const { code, errcode, message } = error.problem
  return AUTHORIZE.includes(code) || UNGRANTED.test(String(errcode ?? message ?? ''))
}

export function failed(error: unknown) {
  const { title, detail } = problemText(error)
  const way = wantsAuthorization(error) ? h('a', { href: '/console/wechat', style: 'display:inline-block;margin-top:6px' }, say(['去授权公众号', 'Authorize the account'])) : null
  ElMessage({
    type: 'error',
    duration: 6000,
    showClose: true,
    grouping: true,
    message: h('div', { role: 'alert' }, [h('strong', title), detail && detail !== title ? h('div', { style: 'margin-top:4px' }, detail) : null, way]),
  })
}
