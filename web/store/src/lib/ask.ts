// A question with two answers, in the shop's colour.
import { accent } from './boot'
import { t } from './env'
import type { Word } from './words'

/** True when the person says yes. */
export async function sure(question: Word, yes: Word = 'ok'): Promise<boolean> {
  const { confirm } = await uni.showModal({ content: t(question), confirmText: t(yes), cancelText: t('cancel'), confirmColor: accent.value })
  return confirm
}
