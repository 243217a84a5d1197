/** What happens elsewhere shows here without reload: one stream, a toast, fresh lists, a number in the title. */
import { onBeforeUnmount, onMounted, ref } from 'vue'
import { ElNotification } from 'element-plus/es/components/notification/index'
import 'element-plus/es/components/notification/style/css'
import { useQueryClient } from '@tanstack/vue-query'
import { useRouter } from 'vue-router'
import { money } from '@/lib/money'
import { me } from '@/lib/session'
import { say } from '@/lib/words'

interface Happened {
  kind: string
  order_id?: string
  number?: string
  total_fen?: number
  [more: string]: unknown
}

export const unseen = ref(0)
export const live = ref<'wait' | 'on' | 'off'>('wait')

/** Which lists a kind of fact makes old; the first word of the kind decides. */
const TOUCHES: Record<string, string[]> = {
  order: ['/waiting', '/orders', '/overview', '/products', '/stock', '/refunds', '/ledger'],
  aftersale: ['/waiting', '/after-sales', '/overview', '/orders'],
  refund: ['/waiting', '/after-sales', '/refunds', '/orders', '/overview', '/ledger'],
  charge: ['/orders', '/pay-account'],
  shipment: ['/waiting', '/orders', '/overview'],
  pickup: ['/orders', '/overview', '/pickups'],
  fan: ['/fans', '/overview', '/scene-codes', '/conversations'],
  message: ['/conversations'],
  product: ['/products'],
  stock: ['/waiting', '/products', '/stock', '/overview'],
  coupon: ['/coupons'],
  account: ['/wechat'],
  authorization: ['/wechat'],
  ticket: ['/wechat', '/provider'],
  registration: ['/mini-registrations'],
  bill: ['/waiting', '/reconciliation', '/overview', '/ledger'],
  difference: ['/waiting', '/reconciliation', '/overview'],
  job: ['/jobs', '/provider'],
  pay: ['/pay-account'],
  payout: ['/waiting', '/payouts', '/payout-choices', '/ledger'],
}

export function useEvents() {
  const client = useQueryClient()
  const router = useRouter()
  let source: EventSource | null = null
  const stale = new Set<string>()
  let timer = 0

  // A busy minute brings many facts; lists are fetched once per second at most.
  function freshen(paths: string[]) {
    paths.forEach((path) => stale.add(path))
    timer ||= window.setTimeout(() => {
      timer = 0
      const due = [...stale]
      stale.clear()
      void client.invalidateQueries({ predicate: (query) => due.some((path) => String(query.queryKey[0]).startsWith(path)) })
    }, 700)
  }

  function announce(fact: Happened) {
    if (router.currentRoute.value.path !== '/orders' || document.hidden) unseen.value += 1
    const toast = ElNotification({
      title: say(['新订单', 'New order']),
      message: [fact.number, typeof fact.total_fen === 'number' ? money(fact.total_fen) : ''].filter(Boolean).join(' · ') || say(['有顾客刚刚付款', 'A customer has just paid']),
      type: 'success',
      duration: 5000,
      position: 'bottom-right',
      onClick: () => {
        toast.close()
        void router.push(fact.order_id ? `/orders/${fact.order_id}` : '/orders')
      },
    })
  }

  function ended(fact: Happened) {
    const toast = ElNotification({
      title: fact.done ? say(['小程序注册成功', 'Mini program registered']) : say(['小程序注册未成功', 'Registration failed']),
      message: String(fact.name ?? ''),
      type: fact.done ? 'success' : 'warning',
      duration: 8000,
      position: 'bottom-right',
      onClick: () => (toast.close(), void router.push('/mini-programs')),
    })
  }

  function heard(event: MessageEvent<string>) {
    let fact: Happened
    try {
      fact = JSON.parse(event.data) as Happened
    } catch {
      return
    }
    const first = String(fact.kind ?? '').split('.')[0] ?? ''
    freshen(TOUCHES[first] ?? [])
    if (fact.kind === 'order.paid') announce(fact)
    if (fact.kind === 'registration.ended') ended(fact)
  }

  function listen() {
    if (!me.value?.merchant) return
    source = new EventSource('/api/console/events')
    source.onopen = () => {
      // After a gap nobody knows what was missed.
      if (live.value === 'off') freshen(['/orders', '/overview', '/waiting'])
      live.value = 'on'
    }
    source.onerror = () => (live.value = 'off')
    source.onmessage = heard
  }

  const seen = () => !document.hidden && router.currentRoute.value.path === '/orders' && (unseen.value = 0)
  const stop = router.afterEach(seen)
  onMounted(() => {
    listen()
    document.addEventListener('visibilitychange', seen)
  })
  onBeforeUnmount(() => {
    source?.close()
    clearTimeout(timer)
    stop()
    document.removeEventListener('visibilitychange', seen)
  })
}
