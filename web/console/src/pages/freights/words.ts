import { words } from '@/lib/words'
export const t = words({
  title: ['运费模板', 'Freight templates'], hint: ['按地区、重量或件数收运费；商品可以各用各的模板，没有指定的用默认模板', 'By region, weight or pieces; products may follow one of their own, the others the default one'],
  add: ['新建模板', 'New template'], edit: ['编辑模板', 'Edit template'], none: ['还没有运费模板', 'No templates yet'], noneText: ['现在所有商品按“店铺设置”里的统一运费计算。需要分地区收费、不配送偏远地区时，建一个模板。', 'Every product follows the flat rate of the shop settings now. Make a template to charge by region or leave regions out.'],
  flat: ['统一运费在店铺设置', 'Flat rate: shop settings'], isDefault: ['默认', 'Default'], setDefault: ['设为默认模板', 'The default template'], setDefaultHint: ['没有指定模板的商品都按它计算', 'For every product without a template of its own'],
  name: ['模板名称', 'Name'], nameHint: ['例如：茶叶、生鲜', 'e.g. Tea, Fresh food'], by: ['计费方式', 'Charged by'], pieces: ['按件数', 'Pieces'], weight: ['按重量', 'Weight'],
  zones: ['指定地区运费', 'Regions with their own rate'], addZone: ['添加地区', 'Add regions'], rest: ['其他地区', 'Everywhere else'], restOff: ['其他地区不配送', 'Not sent elsewhere'], never: ['不配送地区', 'Not sent to'], addNever: ['选择不配送地区', 'Choose regions'],
  choose: ['选择地区', 'Choose regions'], chosen: ['已选 {n} 个地区', '{n} {n?region|regions}'], search: ['搜索省、市、区', 'Search regions'], used: ['其他区域已选的地区不能重复选择', 'Regions of other rows cannot be chosen twice'],
  first: ['首件', 'First'], firstW: ['首重', 'First'], more: ['续件', 'Each more'], moreW: ['续重', 'Each more'], pcs: ['件', 'pcs'], kg: ['kg', 'kg'], fee: ['运费', 'Fee'],
  freeFen: ['满额包邮', 'Free over'], freePieces: ['满件包邮', 'Free from pieces'], freeNever: ['不包邮', 'Never'],
  products: ['{n} 件商品在用', 'Used by {n} {n?product|products}'], save: ['保存', 'Save'], back: ['取消', 'Cancel'], saved: ['运费模板已保存', 'Template saved'], drop: ['删除', 'Delete'], dropped: ['运费模板已删除', 'Template deleted'],
  dropTitle: ['删除运费模板“{name}”？', 'Delete “{name}”?'], dropText: ['已下的订单不受影响。', 'Orders that were placed stay as they are.'], free: ['包邮', 'free'],
  line: ['{first}内 {fee}，每加 {more} 加 {more_fee}', '{fee} up to {first}, {more_fee} for each {more} more'], over: ['，满 {yuan} 包邮', ', free over {yuan}'], overPieces: ['，满 {n} 件包邮', ', free from {n} {n?piece|pieces}'], noRegion: ['请选择地区', 'Choose regions'],
})
