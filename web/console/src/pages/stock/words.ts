import { words } from '@/lib/words'

export const t = words({
  title: ['库存', 'Stock'], hint: ['每一次变动都记着原因和经手人；付款即出库，不等发货', 'Every change says why and by whom; what is paid is out, sent or not'], levels: ['库存', 'Levels'], moves: ['变动记录', 'Movements'], counts: ['盘点', 'Counts'],
  all: ['全部', 'All'], low: ['库存不足', 'Low'], out: ['已售罄', 'Sold out'], search: ['搜索商品名、编码或条码', 'Search by name, code or barcode'], states: ['库存状态', 'State of stock'],
  goods: ['商品', 'Goods'], onHand: ['在库', 'On hand'], reserved: ['占用', 'Held'], safety: ['安全库存', 'Safety'], left: ['可售', 'Can be sold'], moved: ['最近变动', 'Last change'],
  none: ['还没有库存', 'No stock yet'], noneText: ['先添加商品，写上数量，这里就会有第一笔记录。', 'Add goods with a number of pieces; the first movement is written then.'],
  noMoves: ['没有变动', 'No movements'], noMovesText: ['卖出、退回、调整和盘点都会记在这里。', 'Sales, returns, corrections and counts are written down here.'],
  adjust: ['调整', 'Adjust'], adjustOf: ['库存：{n}', 'Stock: {n}'], more: ['增减数量', 'Pieces more or less'], moreHint: ['多了填正数，少了填负数', 'Above zero for more, below for less'], why: ['原因', 'Why'], whyHint: ['例如：破损、样品、补货', 'e.g. broken, sample, restocked'],
  then: ['调整后在库 {n} 件', '{n} on hand afterwards'], tooLow: ['未付款订单占用了 {n} 件，不能更少', 'Unpaid orders hold {n}; it cannot be less'], save: ['保存', 'Save'], back: ['取消', 'Cancel'], adjusted: ['库存已调整', 'Stock was adjusted'],
  keep: ['安全库存', 'Safety stock'], keepHint: ['留给门店、不在网上出售的件数', 'Pieces kept for the counter, not sold online'], warn: ['预警线', 'Warn at'], warnHint: ['可售剩这么多时提醒；不填按 5 件', 'Warns when so few can be sold; 5 if empty'], kept: ['已保存', 'Saved'],
  byCodes: ['这件商品有多少张卡密就有多少库存：在卡密页添加或作废。', 'There are as many of it as there are codes: add or withdraw them on the codes page.'],
  history: ['变动记录', 'Movements'], kind: ['原因', 'Why'], anyKind: ['全部原因', 'Any reason'], quantity: ['数量', 'Pieces'], balance: ['结存', 'Balance'], at: ['时间', 'When'], who: ['经手人', 'Who'], system: ['系统', 'System'],
  start: ['初始', 'Opening'], sale: ['售出', 'Sold'], return: ['退回', 'Came back'], correction: ['调整', 'Correction'], count: ['盘点', 'Count'], import: ['导入', 'Import'], toOrder: ['看订单', 'Order'], toCount: ['看盘点单', 'Count'],
  newCount: ['开始盘点', 'Start a count'], noCounts: ['还没有盘点过', 'No counts yet'], noCountsText: ['盘点时顾客可以照常下单：过账的是差异，不是数量。', 'People may go on buying: differences are posted, not numbers.'],
  open: ['进行中', 'Under way'], posted: ['已过账', 'Posted'], dropped: ['已作废', 'Dropped'], lines: ['已盘 {n} 种', '{n} counted'], differing: ['{n} 种有差异', '{n} differ'], note: ['备注', 'Note'], noteHint: ['例如：月末盘点', 'e.g. end of the month'], started: ['开始于 {t} · {n}', 'Begun {t} · {n}'],
  sheet: ['盘点单', 'Count'], find: ['扫条码或搜商品名', 'Scan a barcode or search'], counted: ['实盘', 'Counted'], expected: ['账面', 'On the books'], unsent: ['含待发货 {n}', '{n} of it to be sent'], countAll: ['架上有多少就数多少：已付款、还没发走或取走的也算在内，系统会自动减去。', 'Count all that lies there, with what is paid and not sent or fetched yet: that is reckoned with.'], difference: ['差异', 'Difference'], write: ['记下', 'Write down'], written: ['已记下', 'Written down'], nothingFound: ['没有找到', 'Nothing found'],
  empty: ['还没有盘到任何商品', 'Nothing counted yet'], emptyText: ['在上面找到商品，填上数到的件数。', 'Find goods above and enter how many there are.'], again: ['改', 'Change'], forget: ['移除', 'Remove'],
  post: ['过账', 'Post'], postAsk: ['差异过账后不能撤销', 'Posting cannot be undone'], postText: ['{n} 种商品的差异（合计 {d} 件）会记入库存。盘点期间卖出的不受影响。', 'The differences of {n} {n?variant|variants} ({d} {d?piece|pieces} in all) go into the stock. What was sold meanwhile stays sold.'], postDone: ['已过账', 'Posted'],
  drop: ['作废', 'Drop'], dropAsk: ['作废这张盘点单？', 'Drop this count?'], dropText: ['已记下的数量会留作记录，库存不变。', 'What was written down is kept as a record; the stock stays as it is.'], dropDone: ['已作废', 'Dropped'], loadMore: ['加载更多', 'Load more'],
})
