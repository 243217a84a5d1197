// The address book.
import { ref, shallowRef } from 'vue'
import type { Address } from '@shared/api'
import { agreed } from './consent'
import { t } from './env'
import { api, list, toast } from './http'

export const addresses = shallowRef<Address[] | null>(null)
/** The address the checkout ships to, once the person has picked one. */
export const picked = ref<string | null>(null)

export async function loadAddresses(): Promise<Address[]> {
  addresses.value = await list<Address>('/addresses')
  return addresses.value
}

export const preferred = (all: Address[]): Address | null => all.find((one) => one.id === picked.value) ?? all.find((one) => one.is_default) ?? all[0] ?? null

/** Keep an address, once the person agrees to the privacy text; false when not. */
export async function saveAddress(address: Address): Promise<boolean> {
  if (!(await agreed())) {
    toast(t('address.privacy'))
    return false
  }
  const { id, ...body } = address
  await api('PUT', `/addresses/${id}`, body)
  await loadAddresses()
  return true
}

export async function dropAddress(id: string): Promise<void> {
  await api('DELETE', `/addresses/${id}`)
  await loadAddresses()
}

/** "138****1234": a phone number as it is shown. */
export const masked = (phone: string): string => phone.replace(/^(\d{3})\d{4}(\d+)$/, '$1****$2')

/** A number a courier can call: Chinese mobile or fixed line, or any with a country code. */
export const callable = (phone: string): boolean => /^(1[3-9]\d{9}|0\d{9,11}|\+\d{7,15})$/.test(phone.replace(/[\s-]/g, ''))
