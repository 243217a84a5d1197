/** Who brings parcels; the platform has the list. */
import { computed } from 'vue'
import { useRead } from './read'

export interface Carrier {
  code: string
  zh: string
  en: string
  number: string
}

/** The names to choose from, as they are written on a parcel. */
export function useCarriers() {
  const { data } = useRead<Carrier[]>('/carriers')
  return computed(() => (data.value ?? []).map((one) => one.zh))
}
