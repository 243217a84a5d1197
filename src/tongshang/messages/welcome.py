"""The welcome: what is said to somebody who follows, with a link to the store and perhaps a coupon."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid
from tongshang.platform.world import Seam
from tongshang.tenancy import merchants

Gift: TypeAlias = Callable[[Tx, UUID, UUID], Awaitable[str]]
GIFT: Seam[Gift] = Seam("messages.gift")
"""Who gives a fan a coupon (tx, fan, coupon), once, and says so in a sentence; refuses when it cannot."""

TEXT_MOST = 600
TITLE_MOST = 20
ONE = "select enabled, text, link_title, coupon_id, updated_at from welcome where merchant_id = $1"
PUT = """insert into welcome (merchant_id, enabled, text, link_title, coupon_id, updated_at)
values ($1, $2, $3, $4, $5, $6)
on conflict (merchant_id) do update set enabled = $2, text = $3, link_title = $4, coupon_id = $5, updated_at = $6"""


class Welcome(msgspec.Struct, frozen=True):
    """The merchant's welcome; without any change it is on, in our words."""

    enabled: bool = True
    text: str = ""
    link_title: str = "进入店铺"
    coupon_id: UUID | None = None
    updated_at: datetime | None = None


async def get(tx: Tx) -> Welcome:
    """Give the merchant's welcome."""
    return await tx.first(Welcome, ONE, tx.merchant) or Welcome()


async def put(tx: Tx, *, enabled: bool, text: str, link_title: str, coupon_id: UUID | None) -> Welcome:
    """Change the welcome."""
    if len(text) > TEXT_MOST:
        raise Invalid(field="text", problem=f"<= {TEXT_MOST}")
    if len(link_title) > TITLE_MOST or any(c in link_title for c in "<>"):
        raise Invalid(field="link_title", problem=f"≤ {TITLE_MOST}", zh=f"最多 {TITLE_MOST} 个字，且不能有 < 和 >")
    await tx.run(PUT, tx.merchant, enabled, text.strip(), link_title.strip(), coupon_id, tx.now)
    return await get(tx)


async def written(tx: Tx, welcome: Welcome, *, gift: str | None) -> str:
    """Write the message: the words, the gift, and the link; a text message carries the link as <a>."""
    shop = await merchants.get(tx)
    lines = [welcome.text or f"欢迎关注{shop.name}！"]
    if gift:
        lines.append(gift)
    lines.append(f'<a href="{store_url(tx, shop.slug)}">{welcome.link_title or "进入店铺"}</a>')
    return "\n\n".join(lines)


def store_url(tx: Tx, slug: str) -> str:
    """Give the address of a shop's store."""
    return f"{tx.world.settings.public_url}/s/{slug}/"


async def give(tx: Tx, *, fan_id: UUID, coupon_id: UUID | None) -> str | None:
    """Give the coupon, if there is one and somebody who gives coupons; the sentence that says so."""
    if coupon_id is None:
        return None
    for gift in tx.world.at(GIFT):
        return await gift(tx, fan_id, coupon_id)
    return None
