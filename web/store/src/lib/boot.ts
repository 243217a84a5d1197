// What the server put into the page (`window.__BOOT__`): shop, home page, addresses. Fetched when it is not there.
import { computed, shallowRef } from 'vue'
import type { Boot } from '@shared/api'
import { theme } from '@shared/colour'
import { get } from './http'

export const boot = shallowRef<Boot | null>(null)
// #ifdef H5
boot.value = window.__BOOT__ ?? null
// #endif

let asking: Promise<Boot> | null = null

/** The boot document; asks for it at most once at a time. */
export function booted(): Promise<Boot> {
  if (boot.value) return Promise.resolve(boot.value)
  asking ??= get<Boot>('/boot').then((found) => (boot.value = found)).finally(() => { asking = null })
  return asking
}

export const shop = computed(() => boot.value?.shop ?? null)

const palette = computed(() => {
  const wish = shop.value?.theme
  return theme(typeof wish === 'string' ? wish : wish?.color)
})
/** The shop's colour as text on white. */
export const accent = computed(() => palette.value.ink)

/** Colour tokens as CSS variables for the root of every page. */
export const tokens = computed(() => {
  const { primary, fill, ink, deep, tint, line } = palette.value
  return `--primary:${primary};--fill:${fill};--accent:${ink};--deep:${deep};--tint:${tint};--edge:${line}`
})
