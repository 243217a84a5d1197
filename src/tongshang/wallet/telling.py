"""What people are told of money that is theirs: a pay-out waits for them, and for how long."""

from tongshang.messages.notices import telling
from tongshang.messages.notices.model import Occasion
from tongshang.payments.payouts import payouts
from tongshang.payments.payouts.facts import PayoutWaiting
from tongshang.payments.payouts.model import Face
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.tenancy import merchants


async def tell(tx: Tx, fact: PayoutWaiting) -> None:
    """Tell somebody that money waits, once for each pay-out; of a red packet, not how much is in it."""
    if not await telling.planned(tx, occasion=Occasion.PAYOUT):
        return
    row = await payouts.get(tx, payout=fact.payout_id)
    until = row.expires_at or tx.now
    values = {
        "kind": "红包" if row.face is Face.RED_PACKET else "商家付款",
        "amount": "拆开看看" if row.face is Face.RED_PACKET else f"￥{fact.yuan}",
        "words": row.remark,
        "until": f"{until.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        "shop": (await merchants.get(tx)).name,
    }
    page = f"pages/payouts/payouts?id={row.id}"
    await telling.tell(tx, occasion=Occasion.PAYOUT, subject=row.id, fan_id=fact.fan_id, values=values, page=page)
