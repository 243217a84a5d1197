/** "/" searches, "g" and a letter goes somewhere, "?" tells. */
import { onBeforeUnmount, onMounted } from 'vue'
import { useRouter } from 'vue-router'
import { may, me } from '@/lib/session'
import { MERCHANT, PROVIDER } from './nav'

export function reachable() {
  const groups = [...(me.value?.merchant ? MERCHANT : []), ...(me.value?.provider ? PROVIDER : [])]
  return groups.flatMap((group) => group.places).filter((place) => place.key && may(place.needs))
}

export function useKeys(help: () => void) {
  const router = useRouter()
  let going = 0
  function pressed(event: KeyboardEvent) {
    const target = event.target as HTMLElement
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea, select, [contenteditable], .el-dialog')) return
    if (Date.now() - going < 1200) {
      going = 0
      const place = reachable().find((one) => one.key === event.key)
      if (place) void router.push(place.to)
    } else if (event.key === 'g') going = Date.now()
    else if (event.key === '?') help()
    else if (event.key === '/') {
      const field = document.querySelector<HTMLInputElement>('[data-search] input, input[data-search]')
      if (!field) return
      event.preventDefault()
      field.focus()
    }
  }
  onMounted(() => window.addEventListener('keydown', pressed))
  onBeforeUnmount(() => window.removeEventListener('keydown', pressed))
}
