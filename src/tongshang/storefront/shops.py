"""The shop's sign: name, logo, notice, theme, and the privacy text with its version."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.fans.model import Privacy
from tongshang.media import pictures
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid

COLUMNS = "name, logo_id, notice, phone, privacy_text, privacy_version, theme, updated_at"
ONE = f"select {COLUMNS} from shop where merchant_id = $1"
PUT = """
insert into shop (merchant_id, name, logo_id, notice, phone, privacy_text, privacy_version, theme, updated_at)
values ($1, $2, $3, $4, $5, $6, 1, $7, $8)
on conflict (merchant_id) do update set name = $2, logo_id = $3, notice = $4, phone = $5, privacy_text = $6, theme = $7,
  updated_at = $8, privacy_version = shop.privacy_version + (shop.privacy_text <> $6)::integer"""
PRIVACY = """我们只在您下单时使用您的收货人姓名、手机号和地址，用于发货、联系与售后，不会提供给无关的第三方。
您可以随时在“我的”中撤回同意；撤回后我们不再保存新的地址，已完成订单按法律要求保留三年。"""
GREEN = "#07c160"


@dataclass(frozen=True)
class Shop:
    """A row of shop."""

    name: str
    logo_id: UUID | None
    notice: str
    phone: str
    privacy_text: str
    privacy_version: int
    theme: str
    updated_at: datetime


class ShopAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sign as the merchant writes it."""

    name: str
    logo_id: UUID | None = None
    notice: str = ""
    phone: str = ""
    privacy_text: str = PRIVACY
    theme: str = GREEN


async def get(tx: Tx) -> Shop:
    """Give the shop's sign."""
    return await tx.one(Shop, ONE, tx.merchant)


async def put(tx: Tx, *, asked: ShopAsked) -> Shop:
    """Change the sign; another privacy text is another version, to be agreed to anew."""
    if not 1 <= len(asked.name.strip()) <= 30:
        raise Invalid(field="name", problem="1-30")
    if not asked.privacy_text.strip() or len(asked.privacy_text) > 10_000:
        raise Invalid(field="privacy_text", problem="1-10000")
    theme = asked.theme.lower()
    if len(theme) != 7 or theme[0] != "#" or set(theme[1:]) - set("0123456789abcdef"):
        raise Invalid(field="theme", problem="#rrggbb")
    if asked.logo_id and not await pictures.find(tx, [asked.logo_id]):
        raise Invalid(field="logo_id", problem="unknown")
    await tx.run(
        PUT, tx.merchant, asked.name.strip(), asked.logo_id, asked.notice[:200], asked.phone[:20],
        asked.privacy_text.strip(), theme, tx.now,
    )  # fmt: skip
    return await get(tx)


async def privacy_text(tx: Tx) -> Privacy:
    """Fill fans' PRIVACY seam: the text customers agree to, and its version."""
    found = await get(tx)
    return Privacy(str(found.privacy_version), found.privacy_text)
