"""Cards for automatic replies: a product or a coupon as somebody sees it in a conversation."""

from uuid import UUID

from tongshang.campaigns import coupons
from tongshang.catalog import queries
from tongshang.messages.replies.compose import Card
from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound
from tongshang.platform.money import yuan
from tongshang.trade.prices import words


async def card(tx: Tx, kind: str, about: UUID) -> Card | None:
    """Draw a product on sale or a coupon that can be claimed; None for anything else."""
    if kind == "product":
        found = await queries.these(tx, ids=[about])
        if not found:
            return None
        product = found[0]
        price = f"¥{yuan(product.price_fen)}"
        picture = product.picture.id if product.picture else None
        said = f"{price}  {product.subtitle}".strip()
        return Card(product.title, said, picture, f"pages/product/product?id={about}")
    try:
        coupon = await coupons.get(tx, coupon=about)
    except NotFound:
        return None
    if coupon.state != "on":
        return None
    terms, _ = words.coupon_terms(coupons.rule_of(coupon))
    return Card(coupon.name, f"{terms}，点击领取", None, "pages/coupons/coupons")
