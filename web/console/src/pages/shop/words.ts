import { words } from '@/lib/words'
export const t = words({
  title: ['店铺设置', 'Shop settings'], basics: ['店铺资料', 'Shop'], basicsText: ['顾客在店铺首页和分享卡片上看到。', 'Shown on the store and on shared cards.'], name: ['店铺名称', 'Name'], logo: ['店铺标志', 'Logo'], logoHint: ['方形图片，建议 400 × 400 以上', 'Square, 400 × 400 or more'], theme: ['主题色', 'Theme colour'], themeHint: ['按钮和价格会自动调到看得清的深浅', 'Buttons and prices are kept readable'],
  notice: ['店铺公告', 'Notice'], noticeHint: ['显示在首页顶部，留空则不显示', 'On top of the home page; empty hides it'], phone: ['客服电话', 'Phone'], privacy: ['隐私说明', 'Privacy text'], privacyText: ['收集手机号或地址之前，顾客会先看到并选择是否同意；修改后会重新询问。', 'Shown before a phone or address is kept; after a change people are asked again.'],
  freight: ['运费', 'Freight'], freightText: ['统一运费，满额包邮；用于没有运费模板的商品。', 'One flat fee, free over an amount; for goods without a template.'], templates: ['按地区、重量设置运费模板', 'Templates by region and weight'], flat: ['统一运费', 'Flat fee'], freeOn: ['满额包邮', 'Free over'], freeHint: ['不勾选则不包邮', 'Unticked: never free'],
  pickup: ['到店自提', 'Pickup'], pickupText: ['顾客付款后得到自提码，店员用手机核销。', 'Buyers get a code; staff verify it on a phone.'], enabled: ['开启自提', 'Offer pickup'], place: ['自提点名称', 'Place'], address: ['详细地址', 'Address'], hours: ['营业时间', 'Hours'], hoursHint: ['例如：每天 10:00–21:30', 'e.g. daily 10:00–21:30'], placePhone: ['联系电话', 'Phone'], verifyAt: ['店员核销页', 'Staff page'],
  upload: ['更换标志', 'Change logo'], addLogo: ['上传标志', 'Upload logo'], remove: ['移除', 'Remove'], custom: ['自定义颜色', 'Custom colour'],
})
export const THEMES = ['#07c160', '#0e7a5f', '#1f6feb', '#7a4ec2', '#c2410c', '#d6336c', '#9a3412', '#33413b']
