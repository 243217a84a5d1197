"""One buyer's way from the cart to the receipt: a chain of requests, none skipped."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from bench.client import Client
from bench.shop import Buyer, Shop

REQUESTS = 6
"""Cart line, addresses, quote, order, payment, and WeChat Pay's notice."""


@dataclass
class Outcome:
    """What became of one buyer: an order that he paid, or the refusal he was told."""

    order: UUID | None = None
    refused: str = ""
    tried_again: int = 0


async def checkout(
    shop: Shop, client: Client, box: Client, buyer: Buyer, variant: UUID, *, best: bool = False, stored_fen: int = 0
) -> Outcome:
    """Put one thing into the cart, order it, and pay; a refusal ends the way.

    With the best coupon if so wanted, and so much of it (fen) from the buyer's stored value, the rest by WeChat.
    """
    path, again = shop.path, 0
    status, answer = await client.json("PUT", f"{path}/cart/lines/{variant}", {"quantity": 1})
    if status != 200:
        return Outcome(refused=_code(answer))
    status, kept = await client.json("GET", f"{path}/addresses")
    assert status == 200, kept
    wanted = {"from": "cart", "delivery": "express", "address_id": kept[0]["id"]}
    more = ({"best_coupon": True} if best else {}) | ({"use_balance": True} if stored_fen else {})
    status, quote = await client.json("POST", f"{path}/quote", wanted | more)
    if status != 200:
        return Outcome(refused=_code(quote))
    if quote["problems"]:
        return Outcome(refused=quote["problems"][0].get("code", "problem"))
    order = uuid4()
    if best:
        assert quote["coupon_id"], "every buyer has coupons left"
        wanted |= {"coupon_id": quote["coupon_id"]}
    wanted |= {"quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}
    if stored_fen:
        wanted |= {"balance_fen": stored_fen}
    status, placed = await client.json("PUT", f"{path}/orders/{order}", wanted)
    if status != 200:
        return Outcome(refused=_code(placed))
    status, bill = await client.json("POST", f"{path}/orders/{order}/payment")
    while status == 503:  # "please try again", says the page when WeChat Pay is slow to answer
        again += 1
        status, bill = await client.json("POST", f"{path}/orders/{order}/payment")
    assert status == 200, bill
    status, paid = await box.json("POST", f"/_sandbox/people/{buyer.name}/pay", {**bill, "password": "123456"})
    assert status == 200, paid
    assert paid["result"] == "ok", paid
    return Outcome(order=order, tried_again=again)


def _code(answer: Any) -> str:
    return str(answer.get("code", answer)) if isinstance(answer, dict) else str(answer)
