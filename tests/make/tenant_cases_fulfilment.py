"""How the operations of parcels, tracking and papers are asked for."""

from typing import Any

from make.asking import GONE, Case, gone, shopper

PARCEL = {"order_id": "shipped", "shipment_id": "parcel"}
TRACKING = {"customer": "CUSTOMER1", "key": "KuaidiKey0001", "enabled": True}
FULFILMENT: dict[str, Case] = {
    "get_tracking": Case(), "put_tracking": Case(body=TRACKING),
    "look_for_parcel": gone(**PARCEL), "look_for_my_parcel": shopper(GONE, **PARCEL),
    "print_papers": Case(GONE, query="orders=$shipped"), "print_parcel_slip": gone(**PARCEL),
}  # fmt: skip


async def fulfil_things(stage: Any) -> None:
    """Have parcels followed from the first one on."""
    await stage.do("PUT", "/shop/tracking", TRACKING)
