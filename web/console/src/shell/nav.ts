/** The places of the console, in groups, with the role each one needs. */
import {
  Activity, AppWindow, BadgeCheck, BadgePercent, BookOpenCheck, History, Boxes, Building2, ChartLine, ClipboardList, Contact, Cog, Gauge, LayoutDashboard, ListTree, FolderTree, Image, Star, MessageCircleHeart, MessagesSquare,
  PanelsTopLeft, QrCode, Search, ScrollText, SquareMenu, Store, Tags, Ticket, TicketCheck, ReceiptText, Truck, Undo2, Users, PackageOpen, PackageCheck, Scale, Wallet, WalletCards, WalletMinimal, Warehouse, Images,
  Megaphone, Newspaper, BellRing, MessageSquareQuote, MessageSquareText, HandCoins, Headset, Landmark, FileBadge, Split,
} from 'lucide-vue-next'
import type { Component } from 'vue'
import type { Role, Waiting } from '@/api/types'
import type { Pair } from '@/lib/words'

export interface Place {
  to: string
  label: Pair
  icon: Component
  needs: Role
  /** The key after "g" that leads here. */
  key?: string
  /** What waits here, and how that is said to whoever does not see the number. */
  waits?: keyof Waiting
  said?: Pair
}
export interface Group {
  label: Pair | null
  places: Place[]
}

export const MERCHANT: Group[] = [
  { label: null, places: [{ to: '/', label: ['概览', 'Overview'], icon: LayoutDashboard, needs: 'clerk', key: 'h' }] },
  {
    label: ['交易', 'Trade'],
    places: [
      { to: '/orders', label: ['订单', 'Orders'], icon: ClipboardList, needs: 'clerk', key: 'o', waits: 'orders', said: ['{n} 单待发货', '{n} {n?order|orders} to send'] },
      { to: '/after-sales', label: ['售后', 'After-sales'], icon: PackageOpen, needs: 'clerk', key: 'a', waits: 'after_sales', said: ['{n} 个售后待处理', '{n} {n?case|cases} to answer'] },
      { to: '/refunds', label: ['退款', 'Refunds'], icon: Undo2, needs: 'clerk', key: 'r', waits: 'refunds', said: ['{n} 笔退款异常', '{n} {n?refund is|refunds are} stuck'] },
      { to: '/invoices', label: ['发票', 'Invoices'], icon: ReceiptText, needs: 'clerk' },
      { to: '/tickets', label: ['卡券核销', 'Tickets'], icon: TicketCheck, needs: 'clerk' },
      { to: '/pickups', label: ['自提单', 'Pickups'], icon: PackageCheck, needs: 'clerk' },
      { to: '/products', label: ['商品', 'Goods'], icon: Boxes, needs: 'clerk', key: 'p' },
      { to: '/stock', label: ['库存', 'Stock'], icon: Warehouse, needs: 'clerk', key: 'k', waits: 'low_stock', said: ['{n} 种规格库存不足', '{n} {n?variant runs|variants run} low'] },
      { to: '/categories', label: ['分类', 'Categories'], icon: ListTree, needs: 'clerk' },
      { to: '/media', label: ['图片库', 'Pictures'], icon: Image, needs: 'clerk' },
      { to: '/reviews', label: ['评价', 'Reviews'], icon: Star, needs: 'clerk' },
      { to: '/product-groups', label: ['商品分组', 'Groups'], icon: FolderTree, needs: 'manager' },
      { to: '/promotions', label: ['促销活动', 'Promotions'], icon: BadgePercent, needs: 'manager' },
      { to: '/coupons', label: ['优惠券', 'Coupons'], icon: Ticket, needs: 'manager', key: 'c' },
    ],
  },
  {
    label: ['粉丝', 'Followers'],
    places: [
      { to: '/fans', label: ['粉丝', 'Fans'], icon: Contact, needs: 'clerk', key: 'f' },
      { to: '/tags', label: ['粉丝标签', 'Tags'], icon: Tags, needs: 'manager' },
      { to: '/codes', label: ['渠道二维码', 'QR codes'], icon: QrCode, needs: 'manager' },
      { to: '/insights', label: ['数据分析', 'Insights'], icon: ChartLine, needs: 'manager', key: 'i' },
    ],
  },
  {
    label: ['互动', 'Messages'],
    places: [
      { to: '/conversations', label: ['客服会话', 'Conversations'], icon: MessageSquareText, needs: 'clerk', key: 'm' },
      { to: '/desk', label: ['微信客服', "WeChat's desk"], icon: Headset, needs: 'clerk' },
      { to: '/welcome', label: ['关注欢迎语', 'Welcome reply'], icon: MessageCircleHeart, needs: 'manager' },
      { to: '/replies', label: ['自动回复', 'Automatic replies'], icon: MessagesSquare, needs: 'manager' },
      { to: '/menu', label: ['自定义菜单', 'Menu'], icon: SquareMenu, needs: 'manager' },
      { to: '/notices', label: ['订单通知', 'Order notices'], icon: BellRing, needs: 'manager' },
    ],
  },
  {
    label: ['内容', 'Content'],
    places: [
      { to: '/articles', label: ['图文', 'Articles'], icon: Newspaper, needs: 'manager' },
      { to: '/comments', label: ['留言', 'Comments'], icon: MessageSquareQuote, needs: 'clerk' },
      { to: '/broadcasts', label: ['群发', 'Mass send'], icon: Megaphone, needs: 'manager' },
      { to: '/materials', label: ['素材库', 'Materials'], icon: Images, needs: 'manager' },
    ],
  },
  {
    label: ['店铺', 'Store'],
    places: [
      { to: '/home', label: ['首页装修', 'Home page'], icon: PanelsTopLeft, needs: 'manager', key: 'e' },
      { to: '/freight', label: ['运费模板', 'Freight templates'], icon: Truck, needs: 'manager' },
      { to: '/search-settings', label: ['搜索设置', 'Search'], icon: Search, needs: 'manager' },
      { to: '/shop', label: ['店铺设置', 'Shop settings'], icon: Store, needs: 'manager' },
    ],
  },
  {
    label: ['资金', 'Money'],
    places: [
      { to: '/reconciliation', label: ['对账', 'Reconciliation'], icon: BookOpenCheck, needs: 'manager', key: 'b', waits: 'differences', said: ['{n} 笔差异待处理', '{n} {n?difference|differences} to settle'] },
      { to: '/settlements', label: ['资金结算', 'Settlements'], icon: Landmark, needs: 'manager' },
      { to: '/ledger', label: ['账本', 'Ledger'], icon: WalletCards, needs: 'manager' },
      { to: '/sharing', label: ['分账', 'Profit sharing'], icon: Split, needs: 'manager', waits: 'shares', said: ['{n} 笔分账待处理', '{n} {n?share needs|shares need} you'] },
      { to: '/payouts', label: ['付款与红包', 'Pay-outs'], icon: HandCoins, needs: 'manager', waits: 'payouts', said: ['{n} 笔付款待处理', '{n} {n?pay-out needs|pay-outs need} you'] },
      { to: '/stored-value', label: ['储值', 'Stored value'], icon: WalletMinimal, needs: 'clerk' },
      { to: '/pay', label: ['微信支付', 'WeChat Pay'], icon: Wallet, needs: 'owner' },
    ],
  },
  {
    label: ['公众号接入', 'WeChat connection'],
    places: [
      { to: '/wechat', label: ['账号授权', 'Account'], icon: BadgeCheck, needs: 'manager', key: 'w' },
      { to: '/mini-programs', label: ['小程序', 'Mini programs'], icon: AppWindow, needs: 'owner' },
      { to: '/health', label: ['连接健康', 'Health'], icon: Activity, needs: 'manager' },
      { to: '/journal', label: ['接口日志', 'Journal'], icon: History, needs: 'manager' },
    ],
  },
  {
    label: ['管理', 'Manage'],
    places: [
      { to: '/staff', label: ['员工', 'Staff'], icon: Users, needs: 'owner', key: 's' },
      { to: '/audit', label: ['操作记录', 'Audit log'], icon: ScrollText, needs: 'owner' },
      { to: '/data-exports', label: ['整店导出', 'Export'], icon: PackageCheck, needs: 'owner' },
      { to: '/jobs', label: ['后台任务', 'Jobs'], icon: Gauge, needs: 'manager', key: 'j' },
    ],
  },
]

export const PROVIDER: Group[] = [
  {
    label: ['服务商', 'Provider'],
    places: [
      { to: '/merchants', label: ['商户', 'Merchants'], icon: Building2, needs: 'provider', key: 'm' },
      { to: '/component', label: ['第三方平台', 'Open Platform'], icon: Cog, needs: 'provider' },
      { to: '/provider-journal', label: ['平台日志', 'Platform journal'], icon: History, needs: 'provider' },
      { to: '/arbitrations', label: ['售后仲裁', 'Arbitration'], icon: Scale, needs: 'provider' },
      { to: '/applyments', label: ['进件申请', 'Applications'], icon: FileBadge, needs: 'provider' },
      { to: '/provider-audit', label: ['操作记录', 'Audit log'], icon: ScrollText, needs: 'provider' },
      { to: '/workers', label: ['进程与任务', 'Workers & jobs'], icon: Gauge, needs: 'provider', key: 'j' },
    ],
  },
]
