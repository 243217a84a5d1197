"""How the operations of merchant delivery and presales are asked for."""

from collections.abc import Awaitable, Callable
from typing import Any

from make.asking import Case, gone

LOCAL = {"enabled": True, "regions": ["330100"], "fee_fen": 500, "windows": []}
TRADE: dict[str, Case] = {
    "get_local_delivery": Case(), "put_local_delivery": Case(body=LOCAL),
    "set_out_with_order": gone({"courier": "小王"}, order_id="to_deliver"), "bring_order": gone(order_id="to_bring"),
}  # fmt: skip


async def trade_things(stage: Any, order: Callable[..., Awaitable[None]]) -> None:
    """Have a parcel on its way, an order that the shop is to bring, and one that it brings just now."""
    parcel = f"/orders/{stage.has['shipped']}/shipments/{stage.fresh('parcel')}"
    await stage.do("PUT", parcel, {"company": "顺丰", "number": "SF1234"})
    await stage.do("PUT", "/shop/local-delivery", LOCAL)
    for name in ("to_deliver", "to_bring"):
        await order(stage, name, delivery="local", paid=True)
    await stage.do("PUT", f"/orders/{stage.has['to_bring']}/delivery", {"courier": "小王"})
