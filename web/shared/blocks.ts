// The page schema as the store draws it and the console edits it; the server is the one that validates.

export type Link =
  | { kind: 'product'; product_id: string }
  | { kind: 'category'; category_id: string }
  | { kind: 'coupon'; coupon_id: string }
  | { kind: 'page'; page: 'home' | 'category' | 'cart' | 'me' | 'orders' | 'coupons' }
  | { kind: 'url'; url: string }

export type Source =
  | { by: 'ids'; ids: string[] }
  | { by: 'category'; category_id: string; limit?: number }
  | { by: 'group'; group_id: string; limit?: number }
  | { by: 'auto'; sort?: 'new' | 'sales'; limit?: number }

export interface Slide { media_id: string; link?: Link | null; alt?: string }
interface Base { id: string; hidden?: boolean }
export interface BannerBlock extends Base { type: 'banner'; slides: Slide[] }
export interface GoodsBlock extends Base { type: 'goods'; title?: string; source: Source; layout: 'grid' | 'list' }
export interface TextBlock extends Base { type: 'text'; text: string; align?: 'left' | 'center' | 'right' }
export interface CouponBlock extends Base { type: 'coupon'; coupon_id: string }
export type Block = BannerBlock | GoodsBlock | TextBlock | CouponBlock

export interface PageDoc { title?: string; share?: { title?: string; desc?: string; media_id?: string } | null; blocks: Block[] }

// Preview: the console shows the real store in an iframe (`/s/{shop}/?preview`) and sends drafts of the home page.
// Store -> console: {ts:'ready'} once it listens, {ts:'rects', rects} after each drawing, {ts:'pick', id} when a block is tapped.
// Console -> store: {ts:'draft', doc, resolved?, selected?}. Both sides check origin and source.
export interface BlockRect { id: string; top: number; height: number }
export type FromStore = { ts: 'ready' } | { ts: 'rects'; rects: BlockRect[]; height: number } | { ts: 'pick'; id: string }
export type ToStore<Resolved> = { ts: 'draft'; doc: PageDoc; resolved?: Resolved; selected?: string | null }
