"""How the operations of merchant delivery and presales are asked for."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from make.asking import GONE, Case, gone, shopper
from make.tenant_cases_fulfilment import FULFILMENT, fulfil_things, name_reports

LOCAL = {"enabled": True, "regions": ["330100"], "fee_fen": 500, "windows": []}
TRADE: dict[str, Case] = {
    "get_local_delivery": Case(), "put_local_delivery": Case(body=LOCAL),
    "set_out_with_order": gone({"courier": "小王"}, order_id="to_deliver"), "bring_order": gone(order_id="to_bring"),
    "pay_balance": shopper(GONE, order_id="presold"), "list_my_refunds": shopper(),
    "return_deposit": gone(order_id="presold_spare", refund_id="new_deposit_refund"),
} | FULFILMENT  # fmt: skip


async def trade_things(stage: Any, order: Callable[..., Awaitable[None]]) -> None:
    """Have a parcel on its way, an order that the shop is to bring, one that it brings just now, and presales."""
    await fulfil_things(stage)
    parcel = f"/orders/{stage.has['shipped']}/shipments/{stage.fresh('parcel')}"
    await stage.do("PUT", parcel, {"company": "顺丰", "number": "SF1234"})
    await stage.town.settle()
    await name_reports(stage)
    await stage.do("PUT", "/shop/local-delivery", LOCAL)
    for name in ("to_deliver", "to_bring"):
        await order(stage, name, delivery="local", paid=True)
    await stage.do("PUT", f"/orders/{stage.has['to_bring']}/delivery", {"courier": "小王"})
    await _presales(stage, order)


async def _presales(stage: Any, order: Callable[..., Awaitable[None]]) -> None:
    now, usual = stage.town.world.clock.now(), stage.has["variant"]
    presale = {"deposit_fen": 100, "balance_from": now.isoformat(),
               "balance_until": (now + timedelta(days=6)).isoformat(),
               "ships_by": (now + timedelta(days=30)).date().isoformat()}  # fmt: skip
    product = {"title": "头采预售", "pictures": [stage.has["picture"]], "state": "on", "terms": {"presale": presale},
               "variants": [{"id": stage.fresh("presold_variant"), "price_fen": 900, "stock": 9}]}  # fmt: skip
    await stage.do("PUT", f"/products/{stage.fresh('presold_product')}", product)
    stage.has["variant"] = stage.has["presold_variant"]
    for name in ("presold", "presold_spare"):
        await order(stage, name, paid=True)
    stage.has["variant"] = usual
    stage.fresh("new_deposit_refund")
    # Of what runs low the merchant is told the next morning at the latest.
    await stage.do("PUT", f"/stock/{stage.has['presold_variant']}/safety", {"safety": 0, "warn_at": 9})
