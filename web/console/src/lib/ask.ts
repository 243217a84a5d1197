/** Ask before doing what cannot be undone; resolves to yes or no, never throws. */
import { ElMessageBox } from 'element-plus/es/components/message-box/index'
import 'element-plus/es/components/message-box/style/css'
import { say } from './words'

interface Question {
  title: string
  text: string
  yes: string
  no?: string
  danger?: boolean
}

export async function ask(question: Question): Promise<boolean> {
  try {
    await ElMessageBox.confirm(question.text, question.title, {
      confirmButtonText: question.yes,
      cancelButtonText: question.no ?? say(['取消', 'Cancel']),
      confirmButtonClass: question.danger ? 'el-button--danger' : '',
      customClass: 'ask',
      showClose: false,
      autofocus: true,
    })
    return true
  } catch {
    return false
  }
}

/** Ask for one line of text; null when the person thinks better of it. */
export async function askText(question: Question & { label: string; needed?: boolean }): Promise<string | null> {
  try {
    const { value } = await ElMessageBox.prompt(question.text, question.title, {
      confirmButtonText: question.yes,
      cancelButtonText: question.no ?? say(['取消', 'Cancel']),
      confirmButtonClass: question.danger ? 'el-button--danger' : '',
      inputPlaceholder: question.label,
      inputValidator: (text) => !question.needed || Boolean(text?.trim()) || question.label,
      customClass: 'ask',
      showClose: false,
    })
    return (value ?? '').trim()
  } catch {
    return null
  }
}
