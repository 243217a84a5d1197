// Loading of a page: one state that the frame draws (skeleton, error with retry, content).
import { ref } from 'vue'
import { Refused, say } from './http'

export type State = 'loading' | 'ready' | { error: string; kind: 'failed' | 'missing' | 'outside' }

function kind(fault: unknown): 'failed' | 'missing' | 'outside' {
  if (!(fault instanceof Refused)) return 'failed'
  return fault.status === 404 ? 'missing' : fault.code === 'wechat.needed' ? 'outside' : 'failed'
}

/** Run `work` now and on retry; content that is already there stays while it is looked up again. */
export function useLoad(work: () => Promise<void>, start: State = 'loading') {
  const state = ref<State>(start)
  async function load(): Promise<void> {
    if (state.value !== 'ready') state.value = 'loading'
    try {
      await work()
      state.value = 'ready'
    } catch (fault) {
      if (state.value !== 'ready') state.value = { error: say(fault), kind: kind(fault) }
    }
  }
  return { state, load }
}
