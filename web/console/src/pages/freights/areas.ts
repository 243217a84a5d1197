/** China's regions as a tree, read once; the shortest list of codes that stands for a choice; their names. */
import { computed } from 'vue'
import type { Areas, Rate } from '@/api/types/shelf'
import { useRead } from '@/lib/read'
import { money } from '@/lib/money'
import { t } from './words'

export interface Node { code: string; name: string; children: Node[]; disabled?: boolean }
export const above = (code: string): string => (code.endsWith('0000') ? '' : code.endsWith('00') ? `${code.slice(0, 2)}0000` : `${code.slice(0, 4)}00`)

export function useAreas() {
  const read = useRead<Areas>('/regions', { once: true })
  const names = computed(() => new Map(read.data.value?.areas ?? []))
  const tree = computed(() => {
    const nodes = new Map<string, Node>([...names.value].map(([code, name]) => [code, { code, name, children: [] }]))
    const roots: Node[] = []
    for (const node of nodes.values()) (nodes.get(above(node.code))?.children ?? roots).push(node)
    return roots
  })
  const name = (code: string): string => names.value.get(code) ?? code
  return { read, tree, name }
}

/** Leave out what lies within another chosen region. */
export function shortest(codes: string[]): string[] {
  const all = new Set(codes)
  return codes.filter((code) => !all.has(above(code)))
}

export const blank = (): Rate => ({ first: 1, first_fen: 0, more: 1, more_fen: 0, free_over_fen: null, free_over_pieces: null })

/** Say a rate in a sentence. */
export function told(rate: Rate, by: 'pieces' | 'weight'): string {
  const amount = (n: number) => (by === 'pieces' ? `${n} ${t('pcs')}` : `${n / 1000} ${t('kg')}`)
  if (!rate.first_fen && !rate.more_fen) return t('free')
  let text = t('line', { first: amount(rate.first), fee: money(rate.first_fen), more: amount(rate.more), more_fee: money(rate.more_fen) })
  if (rate.free_over_fen) text += t('over', { yuan: money(rate.free_over_fen) })
  if (rate.free_over_pieces) text += t('overPieces', { n: rate.free_over_pieces })
  return text
}
