"""What the demo's customers say of what they got, some with pictures, and what the shops answer."""

import asyncio
import random
from collections.abc import Sequence
from uuid import UUID

from tongshang.app.seed import draw
from tongshang.app.seed.goods import Shop
from tongshang.media import files
from tongshang.platform.db import Tx
from tongshang.platform.world import World
from tongshang.trade import orders
from tongshang.trade.reviews import desk, writing
from tongshang.trade.reviews.writing import MoreAsked, ReviewAsked

SHARE = 0.22
"""Of the orders whose receipt somebody confirms."""
SAID = (
    (5, "包装很用心，收到时完好无损，和图片一样。", "谢谢您的喜欢，期待您再来。"),
    (5, "已经是第三次回购了，品质一直很稳定，家里人都喜欢。", "老朋友常来，我们一定守住品质。"),
    (5, "发货快，隔天就到了，客服也很耐心。", ""),
    (4, "东西不错，就是等了几天才发货，希望能再快一点。", "最近订单较多，让您久等了，已经加了人手。"),
    (5, "送朋友的，朋友说很有面子，下次还买。", "感谢您把我们推荐给朋友！"),
    (3, "比想象中小一点，其他都好，买之前要看清规格。", "您说得对，我们已把尺寸写到详情页最前面。"),
    (5, "真心推荐，性价比很高。", ""),
    (2, "外盒有点压坏，里面没事，快递要加强。", "非常抱歉，我们已经换了更厚的纸箱。"),
)
LATER = ("用了半个月再来说一句：依旧满意。", "第二次买了，还是一样好。")


async def pictured(world: World, merchant: UUID, shop: Shop) -> list[UUID]:
    """Keep a few pictures as customers would take them: the goods, held a little askew."""
    found = []
    for goods, turn in zip(shop.goods[:3], (14, -11, 9), strict=False):
        drawn = await asyncio.to_thread(draw.product, goods.shape, goods.colour, turn=turn)
        found.append((await files.keep(world, merchant, data=drawn, name="review.png")).id)
    return found


async def say(
    tx: Tx, *, happy: Sequence[UUID], pictures: Sequence[UUID], rng: random.Random, share: float = SHARE
) -> None:
    """Let a few of those whose parcel arrived write of it, and the shop show and answer that."""
    for order in happy:
        if rng.random() >= share:
            continue
        known = await orders.get(tx, order=order)
        line = (await orders.lines(tx, order=order))[0]
        if line.refunded_quantity >= line.quantity:
            continue
        stars, words, answer = rng.choice(SAID)
        shown = rng.sample(pictures, rng.choice((0, 1, 2, 3))) if pictures else []
        asked = ReviewAsked(line_id=line.id, stars=stars, words=words, pictures=shown, anonymous=rng.random() < 0.2)
        review = tx.new_id()
        await writing.write(tx, fan=known.fan_id, order=order, review=review, asked=asked)
        if rng.random() < 0.1:
            continue  # the shop has not looked at it yet
        await desk.move(tx, review=review, state="shown", because="")
        if answer:
            await desk.reply(tx, review=review, words=answer)
        if rng.random() < 0.15:
            await writing.add(tx, fan=known.fan_id, review=review, asked=MoreAsked(words=rng.choice(LATER)))
            await desk.move(tx, review=review, state="shown", because="")
