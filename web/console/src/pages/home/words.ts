import type { Block } from '@shared/blocks'
import { GalleryHorizontal, LayoutGrid, Ticket, Type } from 'lucide-vue-next'
import type { Component } from 'vue'
import { words, type Pair } from '@/lib/words'
export const t = words({
  title: ['首页装修', 'Home page'], blocks: ['页面模块', 'Blocks'], add: ['添加模块', 'Add a block'], page: ['页面设置', 'Page'], pageTitle: ['页面标题', 'Title'], shareTitle: ['分享标题', 'Share title'], shareDesc: ['分享描述', 'Share text'], shareHint: ['顾客转发给朋友时显示', 'Shown when customers share it'],
  empty: ['首页还是空的', 'The page is empty'], emptyText: ['先放一张轮播图，再放商品，两分钟就能开门。', 'A banner, then goods: two minutes and the door is open.'], publish: ['发布', 'Publish'], published: ['首页已发布，顾客立即可见', 'Published; customers see it now'], dirty: ['有未发布的修改', 'Unpublished changes'], clean: ['已是最新', 'Up to date'], undo: ['撤销', 'Undo'], redo: ['重做', 'Redo'],
  changedTitle: ['首页已被别人修改', 'Somebody else changed the page'], changedText: ['载入最新版本会放弃这里的修改；也可以保留修改，稍后再发布覆盖。', 'Loading the latest drops your changes; or keep them and publish over it.'], load: ['载入最新版本', 'Load the latest'], over: ['用我的版本覆盖', 'Publish mine'],
  up: ['上移', 'Move up'], down: ['下移', 'Move down'], copy: ['复制', 'Duplicate'], remove: ['删除', 'Delete'], hide: ['隐藏', 'Hide'], show: ['显示', 'Show'], hidden: ['已隐藏', 'Hidden'], full: ['最多 60 个模块', '60 blocks at most'], sort: ['用 Alt + 上下方向键移动', 'Alt + arrow keys move it'],
  slides: ['轮播图片', 'Slides'], addSlide: ['添加图片', 'Add a picture'], slideN: ['第 {n} 张', 'Slide {n}'], pick: ['选择图片', 'Choose'], change: ['更换图片', 'Change'], alt: ['图片说明', 'Alt text'], link: ['点击跳转', 'Opens'], slideHint: ['建议 750 × 360，最多 8 张', '750 × 360 works best; 8 at most'],
  goodsTitle: ['标题', 'Heading'], source: ['商品来源', 'Goods'], byAuto: ['自动', 'Automatic'], byGroup: ['分组', 'Group'], byCategory: ['按分类', 'By category'], byIds: ['手动选择', 'Chosen'], sort0: ['排序', 'Order'], newest: ['最新上架', 'Newest'], sales: ['销量最高', 'Best sellers'], limit: ['显示数量', 'How many'], layout: ['排列', 'Layout'], grid: ['两列', 'Two columns'], list: ['列表', 'List'], category: ['分类', 'Category'], choose: ['搜索并添加商品', 'Search and add goods'],
  text: ['文字', 'Text'], align: ['对齐', 'Align'], left: ['左', 'Left'], center: ['中', 'Centre'], right: ['右', 'Right'], coupon: ['优惠券', 'Coupon'], chooseCoupon: ['选择一张优惠券', 'Choose a coupon'], preview: ['实时预览', 'Live preview'], noPreview: ['预览还没有连上店铺', 'The preview has not reached the store'], noPreviewText: ['店铺页面可能还在构建，可以继续编辑，稍后重试。', 'The store may still be building; go on editing and try again.'], retry: ['重新加载', 'Reload'], back: ['返回模块列表', 'All blocks'], tabEdit: ['编辑', 'Edit'], tabPreview: ['预览', 'Preview'],
  needPicture: ['有轮播图没有图片', 'A slide has no picture'], needCoupon: ['有优惠券模块没有选券', 'A coupon block has no coupon'], needCategory: ['有商品模块没有选分类', 'A goods block has no category'], needUrl: ['有链接没有填完整', 'A link is incomplete'], fix: ['还不能发布', 'Not ready to publish'],
  none: ['不跳转', 'Nothing'], product: ['商品', 'Goods'], pageLink: ['店铺页面', 'Store page'], url: ['网址', 'Address'], home: ['首页', 'Home'], categoryPage: ['分类页', 'Categories'], cart: ['购物车', 'Cart'], me: ['我的', 'Me'], orders: ['我的订单', 'Orders'], coupons: ['我的优惠券', 'Coupons'], httpsOnly: ['https:// 开头', 'Begins with https://'],
})
export const TYPES: { type: Block['type']; label: Pair; text: Pair; icon: Component }[] = [
  { type: 'banner', label: ['轮播图', 'Banner'], text: ['一张或多张大图', 'One or more large pictures'], icon: GalleryHorizontal },
  { type: 'goods', label: ['商品', 'Goods'], text: ['两列或列表', 'Grid or list'], icon: LayoutGrid },
  { type: 'coupon', label: ['优惠券', 'Coupon'], text: ['一键领取', 'Claimed with a tap'], icon: Ticket },
  { type: 'text', label: ['文字', 'Text'], text: ['标题或说明', 'A heading or a note'], icon: Type },
]
export const typeOf = (type: Block['type']) => TYPES.find((one) => one.type === type)!
