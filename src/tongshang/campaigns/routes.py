"""Coupons in the console and in the store."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, post, put

from tongshang.campaigns import coupons
from tongshang.campaigns.coupons import Coupon, CouponAsked, Piece
from tongshang.fans.access import Shopper
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role


class MyCoupon(msgspec.Struct):
    """A coupon in one's own hands."""

    id: UUID
    coupon_id: UUID
    name: str
    minus_fen: int
    min_spend_fen: int
    state: str
    expires_at: datetime
    percent: int = 100


@get("/coupons", operation_id="list_coupons")
async def list_coupons(who: Staff) -> list[Coupon]:
    """List what the merchant offers."""
    async with who.tx() as tx:
        return await coupons.listed(tx)


@get("/coupons/{coupon_id:uuid}", operation_id="get_coupon")
async def get_coupon(who: Staff, coupon_id: UUID) -> Coupon:
    """Show a coupon."""
    async with who.tx() as tx:
        return await coupons.get(tx, coupon=coupon_id)


@put("/coupons/{coupon_id:uuid}", operation_id="put_coupon", opt={"role": Role.MANAGER})
async def put_coupon(who: Staff, coupon_id: UUID, data: CouponAsked) -> Coupon:
    """Offer a coupon, or change one."""
    async with who.tx() as tx:
        return await coupons.put(tx, coupon=coupon_id, asked=data)


def _mine(piece: Piece, now: datetime) -> MyCoupon:
    state = "expired" if piece.state == "unused" and piece.expires_at <= now else piece.state
    return MyCoupon(
        piece.id,
        piece.coupon_id,
        piece.name,
        piece.minus_fen,
        piece.min_spend_fen,
        state,
        piece.expires_at,
        piece.percent,
    )


@get("/coupons", operation_id="list_my_coupons")
async def list_my_coupons(who: Shopper) -> list[MyCoupon]:
    """List one's own coupons."""
    async with who.tx() as tx:
        return [_mine(piece, tx.now) for piece in await coupons.pieces(tx, fan=who.fan)]


@post("/coupons/{coupon_id:uuid}/claims", operation_id="claim_coupon")
async def claim_coupon(who: Shopper, coupon_id: UUID) -> MyCoupon:
    """Take a coupon."""
    async with who.tx() as tx:
        return _mine(await coupons.claim(tx, coupon=coupon_id, fan=who.fan), tx.now)


console = [list_coupons, get_coupon, put_coupon]
store = [list_my_coupons, claim_coupon]
