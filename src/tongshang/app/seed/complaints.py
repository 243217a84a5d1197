"""What the demo's customers want back, and how far each of it has come: something of every kind on the desk."""

from uuid import UUID, uuid5

import msgspec

from tongshang.aftersales import answering, arbitration, asking, returning, settings
from tongshang.aftersales.asking import Asked
from tongshang.aftersales.model import BUYER, Actor, By, Kind
from tongshang.aftersales.opening import Pieces
from tongshang.aftersales.settings import ReturnTo, Setting
from tongshang.platform.db import Tx
from tongshang.platform.world import World
from tongshang.trade import orders

RECENT = """select id, fan_id from orders where merchant_id = $1 and state in ('shipped', 'completed')
  and delivery = 'express' and refunded_fen = 0 and coalesce(completed_at, $2) > $2 - interval '6 days'
order by number desc limit 60"""
SHOP = By(Actor.MERCHANT, "客服小周")
TO = ReturnTo(
    name="退货组", phone="057187000000", address="浙江省杭州市西湖区龙井路 88 号", note="请附上订单号，勿寄到付"
)
WISHES = (
    (Kind.RETURN, "changed_mind", "买多了一份，没有拆封。"),
    (Kind.RETURN, "changed_mind", "颜色和想的不一样。"),
    (Kind.REFUND_ONLY, "not_received", "物流三天没有更新了。"),
    (Kind.EXCHANGE, "size", "想换一件同款的。"),
    (Kind.REFUND_ONLY, "agreed", "客服答应退一件的差价。"),
    (Kind.RETURN, "changed_mind", "家里人不喜欢。"),
)


class _Recent(msgspec.Struct, frozen=True):
    id: UUID
    fan_id: UUID


async def complain(world: World, merchant: UUID, *, regular: UUID) -> int:
    """Let the last customers ask, a regular among them, and the shop answer some of them; says how many asked."""
    async with world.tx(merchant) as tx:
        await settings.put(tx, asked=Setting(return_to=TO))
        found = await tx.all(_Recent, RECENT, tx.merchant, tx.now)
    his = [order for order in found if order.fan_id == regular][:1]
    recent = [order for order in found if order.fan_id != regular][: len(WISHES) - len(his)]
    recent[1:1] = his
    for nth, order in enumerate(recent):
        async with world.tx(merchant) as tx:
            await _go(tx, nth, order)
    return len(recent)


async def _go(tx: Tx, nth: int, order: _Recent) -> None:
    kind, reason, words = WISHES[nth]
    lines = await orders.lines(tx, order=order.id)
    line = next((one for one in lines if one.kind == "physical" and one.paid_fen >= one.quantity), None)
    if line is None:
        return
    case = uuid5(order.id, "complaint")
    asked = Asked(kind=kind, lines=[Pieces(line.id, 1)], reason=reason, words=words)
    await asking.ask(tx, order=order.id, case=case, fan=order.fan_id, asked=asked)
    if nth == 1:
        await answering.agree(tx, case=case, by=SHOP)
        await returning.send(tx, case=case, fan=order.fan_id, company="中通快递", number="471234567890")
    elif nth == 2:
        await answering.refuse(tx, case=case, by=SHOP, words="物流显示今天已派送，请再看看。")
        await arbitration.call(tx, case=case, by=BUYER, words="还是没有收到，请平台核实。", fan=order.fan_id)
    elif nth == 4:
        await answering.agree(tx, case=case, by=SHOP)
    elif nth == 5:
        await answering.say(
            tx, case=case, by=SHOP, message=tx.new_id(), words="您好，方便说说是哪里不满意吗？", pictures=[]
        )
