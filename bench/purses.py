"""Stored value for a benchmark: an offer, and a recharge in every buyer's wallet, paid for like any other."""

import asyncio
from uuid import uuid4

from bench.client import Client
from bench.shop import Buyer, Shop
from tongshang.wallet import offers
from tongshang.wallet.offers import OfferAsked

PAY_FEN, BONUS_FEN, EACH_FEN = 80_000, 8_000, 100
"""A recharge, what is given with it, and how much of each order is paid from it; principal and bonus in proportion."""
TAKEN = "select coalesce(sum(amount_fen), 0) from order_tender where state = 'taken' and order_id = any($1)"


async def filled(shop: Shop) -> None:
    """Offer a recharge, and let every buyer pay for one."""
    async with shop.stage.world.tx(shop.merchant) as tx:
        offer = tx.new_id()
        await offers.put(tx, offer=offer, asked=OfferAsked(pay_fen=PAY_FEN, bonus_fen=BONUS_FEN))
    for start in range(0, len(shop.buyers), 16):
        await asyncio.gather(*(_recharge(shop, buyer, str(offer)) for buyer in shop.buyers[start : start + 16]))
    await shop.stage.drained(now=True)


async def _recharge(shop: Shop, buyer: Buyer, offer: str) -> None:
    path = f"{shop.path}/recharges/{uuid4()}"
    async with (
        Client(shop.stage.port, token=buyer.token) as client,
        Client(shop.stage.sandbox_port) as box,
    ):
        status, answer = await client.json("PUT", path, {"offer_id": offer})
        assert status == 200, answer
        status, bill = await client.json("POST", f"{path}/payment")
        assert status == 200, bill
        status, paid = await box.json("POST", f"/_sandbox/people/{buyer.name}/pay", {**bill, "password": "123456"})
        assert (status, paid["result"]) == (200, "ok"), paid
