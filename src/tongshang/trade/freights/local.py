"""Merchant delivery: the shop's own people bring goods to districts near by, for a fee, from some amount on."""

from collections.abc import Sequence
from typing import Any

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.platform.money import yuan
from tongshang.trade.freights.model import MOST_FEN, Local, Place
from tongshang.trade.regions import areas

PUT = """insert into freight (merchant_id, flat_fen, local) values ($1, 0, $2)
on conflict (merchant_id) do update set local = $2"""
GET = "select local from freight where merchant_id = $1"
MOST_REGIONS = 200
MOST_WINDOWS = 12
LONGEST_WINDOW = 30


class NotBrought(Refused):
    """This shop does not deliver to {region} itself. Choose express, pick-up or another address."""

    code, status, zh = "local.not_served", 409, "{region}不在商家配送范围内，请选择快递、自提，或更换收货地址。"


class NoLocal(Refused):
    """This shop does not deliver itself at the moment."""

    code, status, zh = "local.off", 409, "商家暂不提供配送，请选择其他配送方式。"


class TooLittle(Refused):
    """The shop delivers from {least} yuan on; {lacking} yuan are missing."""

    code, status, zh = "local.too_little", 409, "商品满 {least} 元起送，还差 {lacking} 元。"


class NeedsWindow(Refused):
    """Choose when the shop shall deliver."""

    code, status, zh = "local.needs_window", 400, "请选择送达时间。"


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """Merchant delivery as checkout offers it; `served` is None as long as no address is chosen."""

    served: bool | None
    fee_fen: int
    minimum_fen: int
    free_over_fen: int | None
    windows: list[str]
    zh: str
    en: str


def way(local: Local | None, place: Place | None) -> Way | None:
    """Say how a shop offers it to a place; None where it does not at all."""
    if local is None or not local.enabled:
        return None
    served = None if place is None else local.serves(place.codes)
    zh, en = terms(local)
    if served is False:
        zh, en = "该地址不在商家配送范围内", "The shop does not deliver to this address itself"
    return Way(
        served=served, fee_fen=local.fee_fen, minimum_fen=local.minimum_fen, free_over_fen=local.free_over_fen,
        windows=local.windows, zh=zh, en=en,
    )  # fmt: skip


def terms(local: Local) -> tuple[str, str]:
    """Say what it costs, and from what amount on."""
    zh, en = [], []
    if local.minimum_fen:
        zh.append(f"满 {yuan(local.minimum_fen)} 元起送")
        en.append(f"from {yuan(local.minimum_fen)} yuan on")
    fee = yuan(local.fee_fen)
    zh.append(f"配送费 {fee} 元" if local.fee_fen else "免配送费")
    en.append(f"{fee} yuan for delivery" if local.fee_fen else "delivery is free")
    if local.fee_fen and local.free_over_fen is not None:
        zh.append(f"满 {yuan(local.free_over_fen)} 元免配送费")
        en.append(f"free over {yuan(local.free_over_fen)} yuan")
    return "，".join(zh), ", ".join(en)


def refusal(local: Local | None, place: Place | None, goods_fen: int) -> Refused | None:
    """Say why goods that cost so much cannot be brought there, if they cannot; without a place only what is known."""
    if local is None or not local.enabled:
        return NoLocal()
    if place is not None and not local.serves(place.codes):
        return NotBrought(region="".join(place.names))
    if goods_fen < local.minimum_fen:
        return TooLittle(least=yuan(local.minimum_fen), lacking=yuan(local.minimum_fen - goods_fen))
    return None


def window(local: Local | None, asked: str) -> str:
    """Check when somebody wants it brought; a shop that names no hours is not asked for any."""
    windows: Sequence[str] = local.windows if local else ()
    if not windows:
        return ""
    if asked not in windows:
        raise NeedsWindow
    return asked


async def get(tx: Tx) -> Local:
    """Give what a merchant says of bringing things."""
    found = await tx.value(GET, tx.merchant)
    return msgspec.convert(found, Local) if found else Local()


class LocalOnBoot:
    """Fills the storefront's BOOT_PARTS seam: whether the shop brings goods itself, and on which terms."""

    async def of(self, tx: Tx) -> dict[str, Any]:
        """Say it, when the shop does."""
        return {"local": way(await get(tx), None)}


async def put(tx: Tx, *, local: Local) -> None:
    """Write down where the shop delivers, for how much (fen), from what amount of goods on, and when."""
    regions, windows = list(dict.fromkeys(local.regions)), [one.strip() for one in local.windows if one.strip()]
    if local.enabled and not regions:
        raise Invalid(field="regions", problem="≥ 1")
    if not areas.known().keys() >= set(regions):
        raise Invalid(field="regions", problem="unknown")
    if len(regions) > MOST_REGIONS:
        raise Invalid(field="regions", problem=f"≤ {MOST_REGIONS}")
    if len(windows) > MOST_WINDOWS or len(set(windows)) != len(windows):
        raise Invalid(field="windows", problem=f"≤ {MOST_WINDOWS}, distinct")
    if any(len(one) > LONGEST_WINDOW for one in windows):
        raise Invalid(field="windows", problem=f"each ≤ {LONGEST_WINDOW}")
    amounts = (("fee_fen", local.fee_fen, 0), ("minimum_fen", local.minimum_fen, 0),
               ("free_over_fen", local.free_over_fen, 1))  # fmt: skip
    for field, value, least in amounts:
        if value is not None and not least <= value <= MOST_FEN:
            raise Invalid(field=field, problem=f"{least}-{MOST_FEN}")
    await tx.run(PUT, tx.merchant, msgspec.structs.replace(local, regions=regions, windows=windows))
