// The privacy text: agreed to before a phone number or address is kept; saying no still lets one browse.
import { ref, shallowRef } from 'vue'
import type { Consent } from '@shared/api'
import { shop } from './boot'
import { api } from './http'

export const consent = shallowRef<Consent | null>(null)
export const asking = ref(false)
let answer: (yes: boolean) => void = () => undefined

export async function loadConsent(): Promise<Consent> {
  consent.value = await api<Consent>('GET', '/consent')
  return consent.value
}

async function record(accepted: boolean): Promise<void> {
  const version = shop.value?.privacy_version ?? consent.value?.version ?? ''
  await api('PUT', '/consent', { version, accepted })
  consent.value = { version, accepted, at: new Date().toISOString(), answered_version: version }
}

/** True when the person has agreed to the present text; asks with a sheet when not. */
export async function agreed(): Promise<boolean> {
  const known = consent.value ?? (await loadConsent())
  if (known.accepted && known.answered_version === shop.value?.privacy_version) return true
  asking.value = true
  return new Promise((resolve) => { answer = resolve })
}

/** The sheet's answer. */
export async function reply(yes: boolean): Promise<void> {
  if (yes) await record(true)
  asking.value = false
  answer(yes)
}

export const withdraw = (): Promise<void> => record(false)
