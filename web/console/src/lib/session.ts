/** Who is at the desk, and what they may see. */
import { computed, ref } from 'vue'
import { api, ApiError } from '@/api/http'
import type { Me, Role } from '@/api/types'

export const me = ref<Me | null>(null)
let asked: Promise<Me | null> | null = null

const RANK: Record<Role, number> = { assistant: 1, clerk: 2, manager: 3, owner: 4, provider: 5 }
export const role = computed(() => me.value?.staff.role)

/** Whether the person's role reaches `needed`; the server decides again on every call. */
export function may(needed: Role) {
  return role.value ? RANK[role.value] >= RANK[needed] : false
}

/** Ask the server once who we are; null when nobody is logged in. */
export function whoAmI(again = false) {
  if (!asked || again) {
    asked = api
      .get<Me>('/me')
      .then((found) => (me.value = found))
      .catch((error: unknown) => {
        asked = null
        me.value = null
        if (error instanceof ApiError && error.status === 401) return null
        throw error
      })
  }
  return asked
}

export async function leave() {
  await api.del('/session').catch(() => undefined)
  forget()
}

export function forget() {
  me.value = null
  asked = null
}
