"""Goods of every kind for tests, written down in the console as a merchant does."""

from typing import Any
from uuid import UUID, uuid4

from make.customers import Till
from make.shops import png
from tongshang.media import files

TICKET = {"days": 30, "uses": 1}


async def goods(
    till: Till, kind: str, *, terms: dict[str, Any] | None = None, title: str = "云上好物", price_fen: int = 9_900,
    stock: int | None = 10, **more: Any,
) -> tuple[UUID, UUID]:  # fmt: skip
    """Put goods of one variant on the shelf; give product and variant."""
    picture = await files.keep(till.shop.world, till.shop.merchant, data=png(), name="tea.png")
    product, variant = uuid4(), uuid4()
    one = {"id": str(variant), "price_fen": price_fen, "stock": stock}
    body = {"title": title, "pictures": [str(picture.id)], "state": "on", "kind": kind, "variants": [one]}
    await till.do("PUT", f"/products/{product}", body | {"terms": terms or {}} | more)
    return product, variant


async def bundle(till: Till, parts: dict[UUID, int], **more: Any) -> tuple[UUID, UUID]:
    """Put a bundle on the shelf."""
    made_of = [{"variant_id": str(variant), "quantity": count} for variant, count in parts.items()]
    return await goods(till, "bundle", terms={"parts": made_of}, stock=None, **more)


async def left(till: Till, product: UUID) -> int:
    """Say how many customers see of a product."""
    shown = await till.lily.do("GET", f"/products/{product}")
    return sum(int(one["stock"]) for one in shown["variants"])


async def refund(till: Till, order: dict[str, Any], quantity: int = 1, **more: Any) -> tuple[int, Any]:
    """Ask for money back for pieces of an order's first line."""
    body = {"lines": [{"line_id": order["lines"][0]["id"], "quantity": quantity}], **more}
    answer = await till.console("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", body)
    await till.shop.settle()
    return answer
