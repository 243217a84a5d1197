"""Refunds: asked for, settled by the clock, looked up; a stuck one is ABNORMAL until somebody decides.

Pages 「申请退款」 (2024-07-11), 「查询单笔退款」, 「发起异常退款」 of pay.weixin.qq.com/doc/v3.
"""

from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import UNSET

from wxsandbox.pay import money, notices, orders, reading, sharing, types, wallets
from wxsandbox.pay.errors import PayRefused, invalid, no_auth, wrong_field
from wxsandbox.pay.money import local
from wxsandbox.pay.reading import rfc3339
from wxsandbox.pay.rows import PayMerchant, PayOrder, PayRefund

if TYPE_CHECKING:
    from wxsandbox.box import Box

YEAR_SECONDS = 365 * 86400
MOST = 50
APART_SECONDS = 60
OTHER_WORDS = "您的请求参数与订单信息不一致"
Outcome = Literal["SUCCESS", "ABNORMAL", "CLOSED"]


def request(box: "Box", caller: PayMerchant, asked: types.RefundOrder) -> PayRefund:
    """Take a refund, or return the one known under this number; changed amounts are refused."""
    sub = "" if asked.sub_mchid is UNSET else orders.sub_merchant(box, caller, asked.sub_mchid).id
    if asked.notify_url is not UNSET:
        reading.callback_url(asked.notify_url)
    order = _order(box, caller.id, sub, asked)
    id = f"{caller.id}/{sub}/{asked.out_refund_no}"
    if known := box.state.table(PayRefund).get(id):
        if (known.order, known.refund_fen, order.total_fen) != (order.id, asked.amount.refund, asked.amount.total):
            raise invalid(OTHER_WORDS)
        return known
    _check(box, order, asked)
    owner = box.state.table(PayMerchant).get(order.owner)
    assert owner is not None
    left = order.total_fen - order.refunded_fen - asked.amount.refund
    back = money.fee_back(order.fee_kept_fen, left, order.rate)
    needed = asked.amount.refund - back
    if order.held and needed > order.unsplit_fen:
        raise PayRefused(403, "NOT_ENOUGH", "订单剩余待分账金额不足，请先解冻剩余资金或回退分账资金")
    if needed > owner.balance_fen - (0 if order.held else owner.held_fen):
        raise PayRefused(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起")
    return _promise(box, owner, caller, order, asked, back)


def _order(box: "Box", mchid: str, sub: str, asked: types.RefundOrder) -> PayOrder:
    if asked.transaction_id is UNSET and asked.out_trade_no is UNSET:
        issue = "transaction_id or out_trade_no is required"
        raise wrong_field("/transaction_id", issue, "transaction_id和out_trade_no二选一")
    try:
        if asked.transaction_id is not UNSET:
            order = orders.find_paid(box, mchid, sub, asked.transaction_id)
        else:
            assert asked.out_trade_no is not UNSET
            order = orders.find(box, mchid, sub, asked.out_trade_no)
    except PayRefused as unknown:
        raise PayRefused(404, "RESOURCE_NOT_EXISTS", "订单不存在") from unknown
    if asked.out_trade_no is not UNSET and asked.out_trade_no != order.out_trade_no:
        raise invalid(OTHER_WORDS)
    if not order.paid:
        raise PayRefused(404, "RESOURCE_NOT_EXISTS", "订单未支付，不能退款")
    return order


def _check(box: "Box", order: PayOrder, asked: types.RefundOrder) -> None:
    amount = asked.amount
    if amount.total != order.total_fen:
        raise invalid(OTHER_WORDS)
    if amount.from_ is not UNSET and sum(part.amount for part in amount.from_) != amount.refund:
        raise wrong_field("/amount/from", "must add up to the refund", "出资账户金额之和与退款金额不一致")
    if box.clock.now() > order.paid + YEAR_SECONDS:
        raise PayRefused(400, "TRADE_OVERDUE", "订单已超过可退款的最大期限")
    if amount.refund > order.total_fen - order.refunded_fen:
        raise invalid("申请退款金额大于订单剩余可退金额")
    earlier = box.state.table(PayRefund).by("order", order.id)
    if len(earlier) >= MOST:
        raise invalid("该订单的退款次数已达上限")
    if earlier and box.clock.now() - max(one.created for one in earlier) < APART_SECONDS:
        raise PayRefused(429, "FREQUENCY_LIMITED", "同一笔订单的多次退款请间隔1分钟后再试")


def _promise(
    box: "Box", owner: PayMerchant, caller: PayMerchant, order: PayOrder, asked: types.RefundOrder, back: int
) -> PayRefund:
    now, seq = box.clock.now(), box.state.next("pay_refund")
    sources, goods = asked.amount.from_, asked.goods_detail
    row = PayRefund(
        id=f"{caller.id}/{order.sub_mchid}/{asked.out_refund_no}",
        seq=seq,
        refund_id=f"5030{box.state.dice.below(10**6):06d}{local(now):%Y%m%d}{seq:011d}",
        order=order.id,
        mchid=caller.id,
        sub_mchid=order.sub_mchid,
        out_refund_no=asked.out_refund_no,
        refund_fen=asked.amount.refund,
        fee_back_fen=back,
        reason="" if asked.reason is UNSET else asked.reason,
        notify_url="" if asked.notify_url is UNSET else asked.notify_url,
        funds_account="UNSETTLED" if asked.funds_account is UNSET else asked.funds_account,
        sources=[] if sources is UNSET else msgspec.to_builtins(sources),
        goods=[] if goods is UNSET else msgspec.to_builtins(goods),
        outcome=owner.refund_outcome,
        created=now,
        due=now + owner.refund_seconds,
        caller_day=f"{caller.id}/{money.day_of(now)}",
        account="支付用户零钱",
        from_held=order.held,
    )
    if order.held:
        sharing.take(box, owner, order, row.refund_fen - back)
    order.refunded_fen += row.refund_fen
    order.fee_kept_fen -= back
    order.state = "REFUND"
    box.state.table(PayOrder).put(order)
    box.state.table(PayRefund).put(row)
    money.move(
        box,
        owner,
        back - row.refund_fen,
        business_id=row.refund_id,
        name="退款",
        kind="退款",
        note=row.reason,
        voucher=row.out_refund_no,
    )
    box.scheduler.at(row.due, "pay.refund", id=row.id)
    return row


async def settle_due(box: "Box", args: dict[str, Any]) -> None:
    """Settle a refund whose time has come, in the way its merchant is set to."""
    row = box.state.table(PayRefund).get(args["id"])
    if row is not None and row.status == "PROCESSING":
        finish(box, row, row.outcome)


def finish(box: "Box", row: PayRefund, outcome: str) -> PayRefund:
    """Bring a refund to SUCCESS, ABNORMAL or CLOSED, and tell the merchant and the payer."""
    if row.status == outcome or row.status in {"SUCCESS", "CLOSED"}:
        return row
    order = box.state.table(PayOrder).get(row.order)
    caller = box.state.table(PayMerchant).get(row.mchid)
    assert order is not None
    assert caller is not None
    row.status, row.finished = outcome, box.clock.now()
    box.state.table(PayRefund).put(row)
    if outcome == "CLOSED":
        _undo(box, row, order)
    if outcome == "SUCCESS":
        wallets.give_back(box, order, row)
    notices.send(box, caller, event=f"REFUND.{outcome}", url=row.notify_url, resource=resource(row, order))
    return row


def _undo(box: "Box", row: PayRefund, order: PayOrder) -> None:
    owner = box.state.table(PayMerchant).get(order.owner)
    assert owner is not None
    order.refunded_fen -= row.refund_fen
    order.fee_kept_fen += row.fee_back_fen
    if row.from_held and order.held:
        sharing.take(box, owner, order, row.fee_back_fen - row.refund_fen)
    rest = [one for one in box.state.table(PayRefund).by("order", order.id) if one.status != "CLOSED"]
    order.state = "REFUND" if rest else "SUCCESS"
    box.state.table(PayOrder).put(order)
    money.move(
        box,
        owner,
        row.refund_fen - row.fee_back_fen,
        business_id=row.refund_id,
        name="退款关闭退回",
        kind="退款",
        note=row.reason,
        voucher=row.out_refund_no,
    )


def find(box: "Box", mchid: str, sub: str, out_refund_no: str) -> PayRefund:
    """Return a refund by the merchant's number; raises RESOURCE_NOT_EXISTS."""
    row = box.state.table(PayRefund).get(f"{mchid}/{sub}/{out_refund_no}")
    if row is None:
        raise PayRefused(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return row


def repair(box: "Box", caller: PayMerchant, refund_id: str, asked: types.AbnormalRefund) -> PayRefund:
    """Send an ABNORMAL refund on to a bank card; only an ABNORMAL one may be."""
    sub = "" if asked.sub_mchid is UNSET else orders.sub_merchant(box, caller, asked.sub_mchid).id
    row = find(box, caller.id, sub, asked.out_refund_no)
    if row.refund_id != refund_id:
        raise no_auth("退款单号与商户退款单号不匹配")
    if row.status != "ABNORMAL":
        raise invalid("退款单状态不是退款异常，不能发起异常退款")
    if asked.type == "USER_BANK_CARD":
        for name in ("bank_type", "bank_account", "real_name"):
            if getattr(asked, name) is UNSET:
                raise wrong_field(f"/{name}", "is required with USER_BANK_CARD", "退款至用户银行卡时必填")
    row.status, row.outcome, row.account = "PROCESSING", "SUCCESS", "银行卡"
    row.due = box.clock.now() + APART_SECONDS
    box.scheduler.at(row.due, "pay.refund", id=row.id)
    return box.state.table(PayRefund).put(row)


def view(box: "Box", row: PayRefund) -> dict[str, Any]:
    """Describe a refund as the application and the query do."""
    order = box.state.table(PayOrder).get(row.order)
    assert order is not None
    answer: dict[str, Any] = {
        "refund_id": row.refund_id,
        "out_refund_no": row.out_refund_no,
        "transaction_id": order.transaction_id,
        "out_trade_no": order.out_trade_no,
        "channel": "ORIGINAL",
        "user_received_account": row.account,
        "create_time": rfc3339(local(row.created)),
        "status": row.status,
        "funds_account": row.funds_account,
        "amount": {
            "total": order.total_fen,
            "refund": row.refund_fen,
            "from": row.sources,
            "payer_total": order.total_fen,
            "payer_refund": row.refund_fen,
            "settlement_refund": row.refund_fen,
            "settlement_total": order.total_fen,
            "discount_refund": 0,
            "currency": "CNY",
            "refund_fee": row.fee_back_fen,
        },
        "promotion_detail": [],
    }
    if row.status == "SUCCESS":
        answer["success_time"] = rfc3339(local(row.finished))
    return answer


def resource(row: PayRefund, order: PayOrder) -> dict[str, Any]:
    """Describe a refund as its notice does: other names, and neither channel nor currency."""
    names = {"sp_mchid": row.mchid, "sub_mchid": row.sub_mchid} if row.sub_mchid else {"mchid": row.mchid}
    answer: dict[str, Any] = {
        **names,
        "transaction_id": order.transaction_id,
        "out_trade_no": order.out_trade_no,
        "refund_id": row.refund_id,
        "out_refund_no": row.out_refund_no,
        "refund_status": row.status,
        "user_received_account": row.account,
        "amount": {
            "total": order.total_fen,
            "refund": row.refund_fen,
            "payer_total": order.total_fen,
            "payer_refund": row.refund_fen,
        },
    }
    if row.status == "SUCCESS":
        answer["success_time"] = rfc3339(local(row.finished))
    return answer
