/** The console's addresses; every page is a chunk of its own. */
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import type { Role } from '@/api/types'
import type { Pair } from '@/lib/words'
import { forget, may, me, whoAmI } from '@/lib/session'
import { onSignedOut } from '@/api/http'
import { failed } from '@/lib/tell'

declare module 'vue-router' {
  interface RouteMeta {
    title: Pair
    bare?: boolean
    open?: boolean
    needs?: Role
    /** Uses the whole width and height of the window below the bar. */
    full?: boolean
    /** Features that need something of the WeChat account; what is not granted is said above the page. */
    features?: readonly string[]
  }
}

const page = (path: string, needs: Role, title: Pair, component: RouteRecordRaw['component'], more: object = {}) =>
  ({ path, component, meta: { title, needs, ...more } }) as RouteRecordRaw

const routes: RouteRecordRaw[] = [
  { path: '/login', component: () => import('@/pages/access/LoginPage.vue'), meta: { title: ['登录', 'Log in'], bare: true, open: true } },
  { path: '/invites/:token', component: () => import('@/pages/access/InvitePage.vue'), meta: { title: ['接受邀请', 'Accept invitation'], bare: true, open: true } },
  page('/', 'clerk', ['概览', 'Overview'], () => import('@/pages/overview/OverviewPage.vue')),
  page('/orders', 'clerk', ['订单', 'Orders'], () => import('@/pages/orders/OrdersPage.vue')),
  page('/orders/:id', 'clerk', ['订单详情', 'Order'], () => import('@/pages/orders/OrderPage.vue')),
  page('/pickups', 'clerk', ['自提单', 'Pickups'], () => import('@/pages/pickups/PickupsPage.vue')),
  page('/tickets', 'clerk', ['卡券核销', 'Tickets'], () => import('@/pages/tickets/TicketsPage.vue')),
  page('/shipping', 'clerk', ['批量发货', 'Ship by sheet'], () => import('@/pages/shipping/ShippingPage.vue')),
  page('/after-sales', 'clerk', ['售后', 'After-sales'], () => import('@/pages/aftersales/AftersalesPage.vue')),
  page('/after-sales/statistics', 'clerk', ['售后统计', 'After-sales statistics'], () => import('@/pages/aftersales/StatisticsPage.vue')),
  page('/after-sales/settings', 'manager', ['售后设置', 'After-sales settings'], () => import('@/pages/aftersales/SettingsPage.vue')),
  page('/after-sales/:id', 'clerk', ['售后单', 'Case'], () => import('@/pages/aftersales/CasePage.vue')),
  page('/refunds', 'clerk', ['退款', 'Refunds'], () => import('@/pages/orders/RefundsPage.vue')),
  page('/products', 'clerk', ['商品', 'Goods'], () => import('@/pages/goods/ProductsPage.vue')),
  page('/product-groups', 'manager', ['商品分组', 'Groups'], () => import('@/pages/goods/GroupsPage.vue')),
  page('/products/:id/codes', 'clerk', ['卡密', 'Codes'], () => import('@/pages/goods/CodesPage.vue')),
  page('/products/sheets', 'manager', ['导入导出', 'Import & export'], () => import('@/pages/goods/SheetsPage.vue')),
  page('/products/sheets/:id', 'manager', ['导入商品', 'Import goods'], () => import('@/pages/goods/SheetPage.vue')),
  page('/products/:id', 'clerk', ['编辑商品', 'Edit goods'], () => import('@/pages/goods/ProductPage.vue')),
  page('/stock', 'clerk', ['库存', 'Stock'], () => import('@/pages/stock/StockPage.vue')),
  page('/stock/moves', 'clerk', ['库存变动', 'Stock movements'], () => import('@/pages/stock/MovesPage.vue')),
  page('/stock/counts', 'clerk', ['库存盘点', 'Stock counts'], () => import('@/pages/stock/CountsPage.vue')),
  page('/stock/counts/:id', 'clerk', ['盘点单', 'Stock count'], () => import('@/pages/stock/CountPage.vue')),
  page('/reviews', 'clerk', ['评价', 'Reviews'], () => import('@/pages/reviews/ReviewsPage.vue')),
  page('/invoices', 'clerk', ['发票', 'Invoices'], () => import('@/pages/invoices/InvoicesPage.vue')),
  page('/categories', 'clerk', ['分类', 'Categories'], () => import('@/pages/goods/CategoriesPage.vue')),
  page('/fans', 'clerk', ['粉丝', 'Fans'], () => import('@/pages/fans/FansPage.vue'), { features: ['users', 'tags'] }),
  page('/fans/:id', 'clerk', ['粉丝档案', 'Fan'], () => import('@/pages/fans/FanPage.vue'), { features: ['users', 'tags'] }),
  page('/tags', 'manager', ['粉丝标签', 'Tags'], () => import('@/pages/fans/TagsPage.vue'), { features: ['tags'] }),
  page('/insights', 'manager', ['数据分析', 'Insights'], () => import('@/pages/insights/InsightsPage.vue'), { features: ['user_figures', 'article_figures'] }),
  page('/conversations/:id?', 'clerk', ['客服会话', 'Conversations'], () => import('@/pages/conversations/ConversationsPage.vue'), { features: ['messages', 'custom_messages', 'kf', 'uploads'] }),
  page('/desk', 'clerk', ['微信客服', "WeChat's desk"], () => import('@/pages/desk/DeskPage.vue'), { features: ['kf'] }),
  page('/notices', 'manager', ['订单通知', 'Order notices'], () => import('@/pages/templates/TemplatesPage.vue'), { features: ['templates', 'notices', 'one_time_notices'] }),
  page('/promotions', 'manager', ['促销活动', 'Promotions'], () => import('@/pages/promotions/PromotionsPage.vue')),
  page('/promotions/:id', 'manager', ['编辑活动', 'Promotion'], () => import('@/pages/promotions/PromotionPage.vue')),
  page('/calculator', 'clerk', ['价格计算器', 'Price calculator'], () => import('@/pages/promotions/CalculatorPage.vue')),
  page('/coupons', 'manager', ['优惠券', 'Coupons'], () => import('@/pages/coupons/CouponsPage.vue')),
  page('/codes', 'manager', ['渠道二维码', 'QR codes'], () => import('@/pages/codes/CodesPage.vue'), { features: ['qrcodes'] }),
  page('/home', 'manager', ['首页装修', 'Home page'], () => import('@/pages/home/HomePage.vue'), { full: true }),
  page('/freight', 'manager', ['运费模板', 'Freight templates'], () => import('@/pages/freights/FreightsPage.vue')),
  page('/search-settings', 'manager', ['搜索设置', 'Search'], () => import('@/pages/search/SearchPage.vue')),
  page('/shop', 'manager', ['店铺设置', 'Shop settings'], () => import('@/pages/shop/ShopPage.vue'), { features: ['web'] }),
  page('/wechat', 'manager', ['账号授权', 'WeChat account'], () => import('@/pages/wechat/WechatPage.vue')),
  page('/wechat/own', 'owner', ['以 AppSecret 接入', 'Connect by secret'], () => import('@/pages/wechat/AccountOwnPage.vue')),
  page('/mini-programs', 'owner', ['小程序', 'Mini programs'], () => import('@/pages/wechat/RegistrationsPage.vue')),
  page('/journal', 'manager', ['接口日志', 'WeChat journal'], () => import('@/pages/wechat/JournalPage.vue')),
  page('/health', 'manager', ['连接健康', 'Connection health'], () => import('@/pages/wechat/HealthPage.vue')),
  page('/welcome', 'manager', ['关注欢迎语', 'Welcome reply'], () => import('@/pages/messages/WelcomePage.vue'), { features: ['messages', 'custom_messages'] }),
  page('/replies', 'manager', ['自动回复', 'Automatic replies'], () => import('@/pages/messages/RepliesPage.vue'), { features: ['messages', 'uploads'] }),
  page('/menu', 'manager', ['自定义菜单', 'Menu'], () => import('@/pages/messages/MenuPage.vue'), { features: ['menus', 'messages'] }),
  page('/broadcasts', 'manager', ['群发', 'Mass send'], () => import('@/pages/broadcasts/BroadcastsPage.vue'), { features: ['mass', 'uploads'] }),
  page('/broadcasts/:id', 'manager', ['编辑群发', 'Message to many'], () => import('@/pages/broadcasts/BroadcastPage.vue'), { features: ['mass', 'uploads'] }),
  page('/comments', 'clerk', ['留言', 'Comments'], () => import('@/pages/comments/CommentsPage.vue'), { features: ['mass'] }),
  page('/comments/:data/:number', 'clerk', ['留言', 'Comments'], () => import('@/pages/comments/CommentPage.vue'), { features: ['mass'] }),
  page('/articles', 'manager', ['图文', 'Articles'], () => import('@/pages/articles/ArticlesPage.vue'), { features: ['drafts', 'publishing', 'uploads'] }),
  page('/articles/:id', 'manager', ['编辑图文', 'Edit articles'], () => import('@/pages/articles/ArticlePage.vue'), { features: ['drafts', 'publishing', 'uploads'] }),
  page('/media', 'clerk', ['图片库', 'Pictures'], () => import('@/pages/media/MediaPage.vue')),
  page('/materials', 'manager', ['素材库', 'Materials'], () => import('@/pages/materials/MaterialsPage.vue'), { features: ['materials', 'uploads'] }),
  page('/pay', 'owner', ['微信支付', 'WeChat Pay'], () => import('@/pages/pay/PayPage.vue')),
  page('/pay/application', 'owner', ['申请商户号', 'Apply for a merchant number'], () => import('@/pages/applyment/ApplymentPage.vue')),
  page('/reconciliation', 'manager', ['对账', 'Reconciliation'], () => import('@/pages/bills/BillsPage.vue')),
  page('/reconciliation/:date', 'manager', ['当日对账', 'One day'], () => import('@/pages/bills/BillPage.vue')),
  page('/settlements', 'manager', ['资金结算', 'Settlements'], () => import('@/pages/bills/SettlementsPage.vue')),
  page('/ledger', 'manager', ['账本', 'Ledger'], () => import('@/pages/bills/LedgerPage.vue')),
  page('/sharing', 'manager', ['分账', 'Profit sharing'], () => import('@/pages/sharing/SharingPage.vue')),
  page('/payouts', 'manager', ['付款与红包', 'Pay-outs'], () => import('@/pages/payouts/PayoutsPage.vue')),
  page('/stored-value', 'clerk', ['储值', 'Stored value'], () => import('@/pages/wallet/WalletsPage.vue')),
  page('/stored-value/:id', 'clerk', ['顾客余额', 'Balance'], () => import('@/pages/wallet/WalletPage.vue')),
  page('/staff', 'owner', ['员工', 'Staff'], () => import('@/pages/team/StaffPage.vue')),
  page('/data-exports', 'owner', ['整店导出', 'Export everything'], () => import('@/pages/exports/ExportsPage.vue')),
  page('/audit', 'owner', ['操作记录', 'Audit log'], () => import('@/pages/team/AuditPage.vue')),
  page('/jobs', 'manager', ['后台任务', 'Jobs'], () => import('@/pages/team/JobsPage.vue')),
  page('/account', 'assistant', ['我的账号', 'My account'], () => import('@/pages/access/AccountPage.vue')),
  page('/merchants', 'provider', ['商户', 'Merchants'], () => import('@/pages/provider/MerchantsPage.vue')),
  page('/merchants/:id/exports', 'provider', ['整店导出', 'Export everything'], () => import('@/pages/exports/ExportsPage.vue')),
  page('/component', 'provider', ['第三方平台', 'Open Platform'], () => import('@/pages/provider/ComponentPage.vue')),
  page('/provider-journal', 'provider', ['平台日志', 'Platform journal'], () => import('@/pages/provider/ProviderJournalPage.vue')),
  page('/arbitrations', 'provider', ['售后仲裁', 'Arbitration'], () => import('@/pages/provider/ArbitrationsPage.vue')),
  page('/arbitrations/:merchant/:id', 'provider', ['售后仲裁', 'Arbitration'], () => import('@/pages/provider/ArbitrationPage.vue')),
  page('/applyments', 'provider', ['进件申请', 'Applications'], () => import('@/pages/provider/ApplymentsPage.vue')),
  page('/provider-pay', 'provider', ['服务商商户号', "Provider's number"], () => import('@/pages/provider/ProviderPayPage.vue')),
  page('/provider-audit', 'provider', ['操作记录', 'Audit log'], () => import('@/pages/team/AuditPage.vue')),
  page('/workers', 'provider', ['进程与任务', 'Workers & jobs'], () => import('@/pages/provider/WorkersPage.vue')),
  page('/:rest(.*)*', 'assistant', ['找不到页面', 'Not found'], () => import('@/pages/access/MissingPage.vue')),
]

export const router = createRouter({
  history: createWebHistory('/console/'),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
})

/** The first page of a person: providers have no shop of their own, assistants only the phone page. */
export function homeOf() {
  return me.value?.provider && !me.value.merchant ? '/merchants' : '/'
}

router.beforeEach(async (to) => {
  if (to.meta.open) return true
  const found = await whoAmI().catch(() => null)
  if (!found) return { path: '/login', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  if (found.staff.role === 'assistant' && to.path !== '/account') {
    window.location.assign('/staff/')
    return false
  }
  // The server refuses a provider without a second factor everywhere else.
  if (found.provider && !found.staff.has_totp && to.path !== '/account') return '/account'
  if (to.meta.needs && !may(to.meta.needs)) return homeOf()
  if (found.provider && !found.merchant && !['provider', 'assistant'].includes(to.meta.needs ?? '')) return '/merchants'
  return true
})

// A page's script cannot be fetched after a new release took the old files away, or without a network: the first is
// cured by loading the address anew, once; the second is said.
router.onError((error, to) => {
  if (!/dynamically imported module|module script|Failed to fetch/i.test(String(error))) return
  const mark = `reloaded:${to.fullPath}`
  if (navigator.onLine && !sessionStorage.getItem(mark)) {
    sessionStorage.setItem(mark, '1')
    window.location.assign(router.resolve(to).href)
  } else failed(error)
})
router.afterEach((to) => sessionStorage.removeItem(`reloaded:${to.fullPath}`))

onSignedOut(() => {
  const here = router.currentRoute.value
  if (here.meta.open) return
  forget()
  void router.push({ path: '/login', query: { next: here.fullPath } })
})
