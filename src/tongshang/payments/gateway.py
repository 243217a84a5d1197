"""The calls to WeChat Pay, said in our nouns; the only place that knows how the two modes differ.

Raises PayError (refused), Unreachable (outcome unknown: ask, then repeat under the same number).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from tongshang.payments.accounts import Till
from tongshang.payments.model import Attempt, By, Charge, Refund, RefundAttempt, Way
from tongshang.platform.world import World
from weixin.errors import PayError
from weixin.products import pay
from weixin.products.pay import RefundResult, Transaction

UNKNOWN_ORDER = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST"})
# Nobody can pay an order in one of these states any more.
ENDED = frozenset({"CLOSED", "REVOKED"})
UNKNOWN_REFUND = frozenset({"RESOURCE_NOT_EXISTS", "REFUND_NOT_EXISTS"})


def notice_url(world: World, merchant: UUID, what: str = "notice") -> str:
    """Say where WeChat Pay shall tell us (`what` is notice or refund-notice)."""
    return f"{world.settings.public_url}/wechat/pay/{merchant.hex}/{what}"


async def place(till: Till, charge: Charge, attempt: Attempt, *, notify_url: str, by: By | None = None) -> str:
    """Place an attempt's order; gives its prepay_id, or what a person scans (native) or a browser opens (H5)."""
    own_appid = _own_appid(attempt)
    if attempt.kind is Way.H5:
        return await pay.h5_order(
            till.client,
            appid=attempt.sp_appid or attempt.appid,
            out_trade_no=attempt.number,
            description=charge.description,
            amount_fen=attempt.amount_fen,
            notify_url=notify_url,
            payer_ip=by.payer_ip if by else "",
            sub_mchid=till.sub_mchid,
            sub_appid=own_appid,
            expires_at=charge.expires_at,
            options=_options(attempt),
        )
    if attempt.kind is Way.NATIVE:
        return await pay.native_order(
            till.client,
            appid=attempt.sp_appid or attempt.appid,
            out_trade_no=attempt.number,
            description=charge.description,
            amount_fen=attempt.amount_fen,
            notify_url=notify_url,
            sub_mchid=till.sub_mchid,
            sub_appid=own_appid,
            expires_at=charge.expires_at,
            options=_options(attempt),
        )
    return await pay.jsapi_order(
        till.client,
        appid=attempt.sp_appid or attempt.appid,
        out_trade_no=attempt.number,
        description=charge.description,
        amount_fen=attempt.amount_fen,
        notify_url=notify_url,
        openid=None if own_appid else attempt.payer_openid,
        sub_mchid=till.sub_mchid,
        sub_appid=own_appid,
        sub_openid=attempt.payer_openid if own_appid else None,
        expires_at=charge.expires_at,
        options=_options(attempt),
    )


def _options(attempt: Attempt) -> Mapping[str, Any] | None:
    return pay.FLAG if attempt.sharing else None


def _own_appid(attempt: Attempt) -> str | None:
    return attempt.appid if attempt.sp_appid and attempt.appid != attempt.sp_appid else None


async def scan(till: Till, charge: Charge, attempt: Attempt, *, auth_code: str, store_id: str) -> Transaction:
    """Take an attempt's money by the code on a person's screen; Unreachable also while the password is typed."""
    return await pay.code_order(
        till.client,
        appid=attempt.sp_appid or attempt.appid,
        out_trade_no=attempt.number,
        description=charge.description,
        amount_fen=attempt.amount_fen,
        auth_code=auth_code,
        store_id=store_id,
        sub_mchid=till.sub_mchid,
        sub_appid=_own_appid(attempt),
        options=_options(attempt),
    )


async def look(till: Till, attempt: Attempt) -> Transaction | None:
    """Ask after an attempt; None when WeChat never heard of it."""
    try:
        return await pay.query(till.client, out_trade_no=attempt.number, sub_mchid=till.sub_mchid)
    except PayError as refused:
        if refused.code in UNKNOWN_ORDER:
            return None
        raise


async def close(till: Till, attempt: Attempt) -> bool:
    """Close an attempt's order; False when WeChat will not, because it is paid (look again).

    What was scanned at a counter cannot be closed: it is called off, and comes back if it was paid after all.
    """
    try:
        if attempt.kind is Way.MICROPAY:
            appid = attempt.sp_appid or attempt.appid
            await pay.reverse(till.client, out_trade_no=attempt.number, appid=appid, sub_mchid=till.sub_mchid)
            return True
        await pay.close(till.client, out_trade_no=attempt.number, sub_mchid=till.sub_mchid)
    except PayError as refused:
        if refused.code in UNKNOWN_ORDER:
            return True
        if refused.status == 401:
            raise
        return False
    return True


async def refund(
    till: Till, attempt: Attempt, asked: Refund, number: RefundAttempt, *, notify_url: str
) -> RefundResult:
    """Hand a refund over; the number makes a repeat harmless, accepted is not done."""
    return await pay.refund(
        till.client,
        out_refund_no=number.wx_number,
        refund_fen=asked.amount_fen,
        total_fen=attempt.amount_fen,
        transaction_id=attempt.transaction_id,
        reason=asked.reason or None,
        notify_url=notify_url,
        sub_mchid=till.sub_mchid,
    )


async def look_refund(till: Till, number: RefundAttempt) -> RefundResult | None:
    """Ask after a refund; None when WeChat never heard of it."""
    try:
        return await pay.query_refund(till.client, out_refund_no=number.wx_number, sub_mchid=till.sub_mchid)
    except PayError as refused:
        if refused.code in UNKNOWN_REFUND:
            return None
        raise


def expected(till: Till, attempt: Attempt) -> dict[str, str]:
    """Say which numbers an order of this attempt has to carry."""
    account = till.account
    return {
        "mchid": account.mchid,
        "sub_mchid": account.sub_mchid,
        "appid": attempt.sp_appid or attempt.appid,
        "sub_appid": _own_appid(attempt) or "",
        "currency": "CNY",
        "total_fen": str(attempt.amount_fen),
        "out_trade_no": attempt.number,
    }


def paid_time(told: Transaction, otherwise: datetime) -> datetime:
    """Say when an order was paid, by WeChat's word."""
    return told.paid_at or otherwise
