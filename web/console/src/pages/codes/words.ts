import { words } from '@/lib/words'
export const t = words({
  title: ['渠道二维码', 'QR codes'], hint: ['每个渠道一个码，看清顾客从哪里来', 'One code per place shows where customers come from'], add: ['新建二维码', 'New code'], scans: ['扫码', 'Scans'], follows: ['关注', 'Follows'], rate: ['关注率', 'Rate'],
  none: ['还没有二维码', 'No codes yet'], noneText: ['给收银台、包装、传单各建一个，就能比较哪里带来的粉丝多。', 'Make one for the counter, the package and the flyer, and compare.'], png: ['下载 PNG', 'PNG'], svg: ['下载 SVG', 'SVG'], permanent: ['永久', 'Permanent'], temporary: ['临时', 'Temporary'], lasts: ['有效天数', 'Days'], until: ['有效至 {t}', 'Until {t}'], over: ['已过期', 'Expired'], renew: ['重新生成', 'Make anew'], left: ['永久二维码还可生成 {n} 个', '{n} permanent codes left'],
  name: ['渠道名称', 'Name'], nameHint: ['例如：南门店收银台', 'e.g. Counter at South Gate'], scene: ['渠道编号', 'Scene'], sceneHint: ['字母、数字和下划线，最多 64 位；纯数字也可以；建好后不能修改', 'Letters, digits, underscores, or a plain number; 64 at most; fixed later'], kind: ['有效期', 'Lasts'], coupon: ['扫码送券', 'Gives a coupon'], noCoupon: ['不送券', 'None'],
  save: ['生成', 'Create'], back: ['取消', 'Cancel'], saved: ['二维码已生成', 'Code created'], making: ['正在向微信申请…', 'Asking WeChat…'], print: ['扫码关注 · {n}', 'Scan to follow · {n}'],
})
