import { words } from '@/lib/words'

export const t = words({
  title: ['商品', 'Goods'], add: ['添加商品', 'Add goods'], search: ['商品名称或编码', 'Name or code'], all: ['全部', 'All'], on: ['在售', 'On sale'], off: ['已下架', 'Off shelf'], states: ['商品状态', 'State'], category: ['分类', 'Category'], anyCategory: ['全部分类', 'All categories'], low: ['库存不足', 'Low stock'],
  name: ['商品', 'Goods'], price: ['价格', 'Price'], stock: ['库存', 'Stock'], sold: ['已售', 'Sold'], shelf: ['上架', 'On sale'], variants: ['{n} 个规格', '{n} variants'], from: ['{v} 起', 'from {v}'],
  none: ['还没有商品', 'No goods yet'], noneText: ['添加第一件商品：一张图、一个价格、一个库存就能开卖。', 'One picture, one price and a stock are enough to start selling.'],
  shelved: ['已上架', 'On the shelf'], unshelved: ['已下架', 'Off the shelf'], uncategorized: ['未分类', 'None'],
  back: ['商品列表', 'Goods'], fresh: ['新商品', 'New goods'], basics: ['基本信息', 'Basics'], basicsText: ['顾客最先看到的名称和图片。', 'What customers see first.'],
  ptitle: ['商品名称', 'Name'], subtitle: ['一句话卖点', 'One-line pitch'], pictures: ['商品图片', 'Pictures'], picturesHint: ['第一张是封面，拖动或用方向键排序；单张不超过 10 MB，最多 9 张。', 'The first is the cover; drag or use arrow keys to sort; up to 9, 10 MB each.'],
  detail: ['商品介绍', 'Description'], selling: ['规格与价格', 'Variants and prices'], sellingText: ['有颜色、份量之分时添加规格；没有就只填一个价格。', 'Add options for colour or size; without them one price is enough.'],
  addOption: ['添加规格项', 'Add an option'], optionName: ['规格名，如 份量', 'Option, e.g. Size'], optionValue: ['规格值，回车添加', 'A value, then Enter'], removeOption: ['删除规格项 {n}', 'Remove option {n}'], removeValue: ['删除 {v}', 'Remove {v}'],
  variant: ['规格', 'Variant'], market: ['划线价', 'Was'], sku: ['商品编码', 'Code'], fill: ['批量填写', 'Fill all'], apply: ['应用', 'Apply'], single: ['默认', 'Default'],
  state: ['销售状态', 'State'], remove: ['删除商品', 'Delete'], removeAsk: ['删除这件商品？', 'Delete these goods?'], removeText: ['顾客将不再看到它；已有订单不受影响。', 'Customers no longer see it; orders stay as they are.'], removed: ['商品已删除', 'Goods deleted'],
  notYet: ['新商品还没有创建', 'Not created yet'], cancel: ['取消', 'Cancel'],
  saved: ['商品已保存', 'Goods saved'], needTitle: ['请填写商品名称', 'Give it a name'], needPrice: ['请为每个规格填写价格', 'Every variant needs a price'], needPicture: ['请至少上传一张图片', 'Upload at least one picture'], create: ['创建商品', 'Create'], tooMany: ['规格组合超过 100 个，请减少规格值', 'Over 100 variants; use fewer values'],
  stockHint: ['下单即占用库存，未付款会自动释放。', 'An order holds stock; unpaid ones give it back.'], up: ['前移', 'Earlier'], down: ['后移', 'Later'], drop: ['移除图片', 'Remove picture'], upload: ['上传图片', 'Upload'], preview: ['预览', 'Preview'],
})
