// A question with two answers, in the shop's colour.
import { accent } from './boot'
import { t } from './env'
import type { Word } from './words'

/** True when the person says yes. */
export const sure = (question: Word, yes: Word = 'ok'): Promise<boolean> => sureOf(t(question), yes)

/** The same, with the question as it is. */
export async function sureOf(question: string, yes: Word = 'ok'): Promise<boolean> {
  const { confirm } = await uni.showModal({ content: question, confirmText: t(yes), cancelText: t('cancel'), confirmColor: accent.value })
  return confirm
}
