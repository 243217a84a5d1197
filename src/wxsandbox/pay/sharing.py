"""Profit sharing: what of a paid order is held, shares of it that end by the clock, and the rest set free.

Pages 「请求分账」 (partner/4012690683, 2025-09-29) and 「解冻剩余资金」 (merchant/4012526374, 2025-09-29) of
pay.weixin.qq.com/doc/v3; refusals from 「分账接口常见问题」 of the pay community. Held is what was paid less the fee,
for thirty days; a failed share stays held. What is not published and decided here: unfreezing twice is refused, and
the flow of a share carries WeChat's number of the request as its business and ours as its voucher.
"""

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from wxsandbox.pay import money, notices, orders, wallets
from wxsandbox.pay.errors import PayRefused, invalid, wrong_field
from wxsandbox.pay.money import local
from wxsandbox.pay.reading import rfc3339
from wxsandbox.pay.rows import PayMerchant, PayOrder
from wxsandbox.pay.rows_sharing import PaySharePart, PaySharing, PaySharingReceiver
from wxsandbox.pay.types_sharing import ShareOrder, Unfreeze
from wxsandbox.people import fan_by_openid

if TYPE_CHECKING:
    from wxsandbox.box import Box

SOONEST_SECONDS = 60
HELD_SECONDS = 30 * 86400
MOST = 50
BUSY = "订单处理中，请稍后重试"
SHORT = "分账金额不足"


def hold(box: "Box", owner: PayMerchant, order: PayOrder) -> None:
    """Hold what was paid less the fee, when the order was placed for sharing."""
    if not order.sharing:
        return
    order.held = True
    order.unsplit_fen = order.total_fen - order.fee_fen
    owner.held_fen += order.unsplit_fen
    box.state.table(PayMerchant).put(owner)
    box.state.table(PayOrder).put(order)
    box.scheduler.at(box.clock.now() + HELD_SECONDS, "pay.thaw", id=order.id)


def take(box: "Box", owner: PayMerchant, order: PayOrder, fen: int) -> None:
    """Take from what is held of an order (negative puts back)."""
    order.unsplit_fen -= fen
    owner.held_fen -= fen
    box.state.table(PayMerchant).put(owner)
    box.state.table(PayOrder).put(order)


def thaw(box: "Box", order: PayOrder) -> int:
    """Give the rest of an order to its merchant; gives how much that was."""
    rest, owner = order.unsplit_fen, _merchant(box, order.owner)
    take(box, owner, order, rest)
    order.held = False
    box.state.table(PayOrder).put(order)
    return rest


async def thaw_due(box: "Box", args: dict[str, Any]) -> None:
    """Set an order free whose thirty days are over."""
    order = box.state.table(PayOrder).get(args["id"])
    if order is not None and order.held and not _pending(box, order):
        thaw(box, order)


def request(box: "Box", caller: PayMerchant, asked: ShareOrder) -> PaySharing:
    """Take a request to share, or give the one known under this number."""
    order = _order(box, caller, asked.sub_mchid, asked.transaction_id, "非分账订单不支持分账")
    words = "|".join(sorted(f"{one.type}/{one.account}/{one.amount}" for one in asked.receivers))
    if known := _known(box, caller, order, asked.out_order_no, words, "分账接收方与原请求不一致"):
        return known
    _check_appids(asked)
    if box.clock.now() < order.paid + SOONEST_SECONDS:
        raise invalid(BUSY)
    pairs = [(one.type, one.account) for one in asked.receivers]
    if len(set(pairs)) < len(pairs):
        raise wrong_field("/receivers", "names a receiver twice", "分账接收方列表中存在重复的接收方")
    table = box.state.table(PaySharingReceiver)
    if not all(table.get(receiver_id(order.owner, type, account)) for type, account in pairs):
        raise invalid("分账接收方关系不存在，请检查参数中每个接收方的关系")
    earlier = [one for one in box.state.table(PaySharing).by("order", order.id) if not one.rest]
    if len(earlier) >= MOST:
        raise invalid("该订单的分账次数已达上限")
    wanted = sum(one.amount for one in asked.receivers)
    owner = _merchant(box, order.owner)
    if not order.held or wanted > order.unsplit_fen:
        raise PayRefused(403, "NOT_ENOUGH", SHORT)
    if order.shared_fen + wanted > order.total_fen * owner.sharing_ratio // 10_000:
        raise invalid("分账金额超出最大分账比例")
    parts = []
    for one in asked.receivers:
        known_receiver = table.get(receiver_id(order.owner, one.type, one.account))
        assert known_receiver is not None
        part = PaySharePart(
            type=one.type,
            account=one.account,
            appid=known_receiver.appid,
            amount_fen=one.amount,
            description=one.description,
            detail_id=_number(box, "pay_share_part"),
        )
        parts.append(part)
    order.shared_fen += wanted
    take(box, owner, order, wanted)
    return _begin(box, caller, order, asked.out_order_no, words, parts, unfreeze=asked.unfreeze_unsplit)


def unfreeze(box: "Box", caller: PayMerchant, asked: Unfreeze) -> PaySharing:
    """Take a request to set the rest of an order free."""
    order = _order(box, caller, asked.sub_mchid, asked.transaction_id, "非分账订单不支持解冻剩余资金")
    if known := _known(box, caller, order, asked.out_order_no, "rest", "商户分账单号已使用"):
        return known
    if _pending(box, order):
        raise invalid(BUSY)
    if not order.held:
        raise invalid("该订单剩余资金已解冻")
    part = PaySharePart(
        type="MERCHANT_ID", account=order.owner, amount_fen=order.unsplit_fen, description=asked.description,
        detail_id=_number(box, "pay_share_part"),
    )  # fmt: skip
    return _begin(box, caller, order, asked.out_order_no, "rest", [part], unfreeze=True, rest=True)


def find(box: "Box", caller: PayMerchant, sub: str, out_order_no: str) -> PaySharing:
    """Give a request by the merchant's number; raises RESOURCE_NOT_EXISTS."""
    sub = orders.sub_merchant(box, caller, sub).id if sub else ""
    row = box.state.table(PaySharing).get(f"{caller.id}/{sub}/{out_order_no}")
    if row is None:
        raise PayRefused(404, "RESOURCE_NOT_EXISTS", "记录不存在")
    return row


def _order(box: "Box", caller: PayMerchant, sub: Any, transaction_id: str, refusal: str) -> PayOrder:
    sub_mchid = "" if sub is UNSET else orders.sub_merchant(box, caller, sub).id
    try:
        order = orders.find_paid(box, caller.id, sub_mchid, transaction_id)
    except PayRefused as unknown:
        raise PayRefused(404, "RESOURCE_NOT_EXISTS", "记录不存在") from unknown
    if not order.sharing:
        raise invalid(refusal)
    return order


def _known(
    box: "Box", caller: PayMerchant, order: PayOrder, number: str, words: str, refusal: str
) -> PaySharing | None:
    known = box.state.table(PaySharing).get(f"{caller.id}/{order.sub_mchid}/{number}")
    if known is not None and (known.order, known.words) != (order.id, words):
        raise invalid(refusal)
    return known


def _check_appids(asked: ShareOrder) -> None:
    kinds = {one.type for one in asked.receivers}
    if "PERSONAL_OPENID" in kinds and asked.appid is UNSET:
        raise wrong_field("/appid", "is required with PERSONAL_OPENID", "接收方类型为PERSONAL_OPENID时appid必填")
    if "PERSONAL_SUB_OPENID" in kinds and asked.sub_appid is UNSET:
        issue = "is required with PERSONAL_SUB_OPENID"
        raise wrong_field("/sub_appid", issue, "接收方类型为PERSONAL_SUB_OPENID时sub_appid必填")


def _begin(
    box: "Box",
    caller: PayMerchant,
    order: PayOrder,
    number: str,
    words: str,
    parts: list[PaySharePart],
    *,
    unfreeze: bool,
    rest: bool = False,
) -> PaySharing:
    row = PaySharing(
        id=f"{caller.id}/{order.sub_mchid}/{number}", seq=box.state.next("pay_sharing"), order=order.id,
        mchid=caller.id, sub_mchid=order.sub_mchid, owner=order.owner, order_id=_number(box, "pay_sharing_order"),
        out_order_no=number, transaction_id=order.transaction_id, words=words, parts=parts, unfreeze=unfreeze,
        rest=rest, created=box.clock.now(),
    )  # fmt: skip
    seconds = _merchant(box, order.owner).sharing_seconds
    box.scheduler.at(row.created + seconds, "pay.sharing", id=row.id)
    return box.state.table(PaySharing).put(row)


async def finish_due(box: "Box", args: dict[str, Any]) -> None:
    """End a request whose time has come: every part gets its result, and money moves."""
    row = box.state.table(PaySharing).get(args["id"])
    if row is None or row.state == "FINISHED":
        return
    order = box.state.table(PayOrder).get(row.order)
    assert order is not None
    row.finished = box.clock.now()
    for part in row.parts:
        if row.rest:
            part.result = "SUCCESS"
            continue
        part.fail_reason = _obstacle(box, row, part)
        part.result = "CLOSED" if part.fail_reason else "SUCCESS"
        if part.fail_reason:
            order.shared_fen -= part.amount_fen
            take(box, _merchant(box, row.owner), order, -part.amount_fen)
        else:
            _pay(box, row, part)
    row.state = "FINISHED"
    if row.unfreeze and order.held:
        thaw(box, order)
    box.state.table(PaySharing).put(row)


def _obstacle(box: "Box", row: PaySharing, part: PaySharePart) -> str:
    if box.state.table(PaySharingReceiver).get(receiver_id(row.owner, part.type, part.account)) is None:
        return "NO_RELATION"
    receiver = box.state.table(PayMerchant).get(part.account) if part.type == "MERCHANT_ID" else None
    return receiver.sharing_obstacle if receiver else ""


def _pay(box: "Box", row: PaySharing, part: PaySharePart) -> None:
    book = {"business_id": row.order_id, "note": part.description, "voucher": row.out_order_no}
    money.move(box, _merchant(box, row.owner), -part.amount_fen, name="分账", kind="分账", **book)
    if part.type != "MERCHANT_ID":
        one = fan_by_openid(box, part.appid, part.account)
        if one is not None:
            wallets.receive(box, one.person, part.amount_fen, f"分账-{part.description}", part.detail_id)
        return
    receiver = _merchant(box, part.account)
    money.move(box, receiver, part.amount_fen, name="分账", kind="分账", **book)
    tell(box, receiver, row, part, event="PROFITSHARING", number=row.out_order_no, id=row.order_id)


def tell(
    box: "Box", merchant: PayMerchant, row: PaySharing, part: PaySharePart, *, event: str, number: str, id: str
) -> None:
    """Send the notice of moved money to the merchant who got it, where its console names an address."""
    names = {"sp_mchid": row.mchid, "sub_mchid": row.sub_mchid} if row.sub_mchid else {"mchid": row.mchid}
    back = event == "PROFITSHARING_RETURN"
    receiver = {"type": "MERCHANT_ID", "account": row.owner if back else part.account}
    resource = {
        **names, "transaction_id": row.transaction_id, "order_id": id, "out_order_no": number,
        "receiver": receiver | {"amount": part.amount_fen, "description": part.description},
        "success_time": rfc3339(local(box.clock.now())),
    }  # fmt: skip
    notices.send(box, merchant, event=event, url=merchant.sharing_notify_url, resource=resource)


def view(row: PaySharing) -> dict[str, Any]:
    """Describe a request as its answer and the query do."""
    answer: dict[str, Any] = {"sub_mchid": row.sub_mchid} if row.sub_mchid else {}
    answer |= {"transaction_id": row.transaction_id, "out_order_no": row.out_order_no}
    answer |= {"order_id": row.order_id, "state": row.state, "receivers": [_part(row, one) for one in row.parts]}
    return answer


def _part(row: PaySharing, part: PaySharePart) -> dict[str, Any]:
    told: dict[str, Any] = {"amount": part.amount_fen, **msgspec.to_builtins(part)}
    shown = ("amount", "description", "type", "account", "result", "detail_id")
    answer = {name: told[name] for name in shown} | {"create_time": rfc3339(local(row.created))}
    answer |= {"fail_reason": part.fail_reason} if part.fail_reason else {}
    return answer | ({"finish_time": rfc3339(local(row.finished))} if row.finished else {})


def receiver_id(owner: str, type: str, account: str) -> str:
    """Name a receiver of a payer."""
    return f"{owner}/{type}/{account}"


def _pending(box: "Box", order: PayOrder) -> bool:
    return any(one.state == "PROCESSING" for one in box.state.table(PaySharing).by("order", order.id))


def _merchant(box: "Box", mchid: str) -> PayMerchant:
    merchant = box.state.table(PayMerchant).get(mchid)
    assert merchant is not None
    return merchant


def _number(box: "Box", kind: str) -> str:
    return f"30{box.state.dice.below(10**8):08d}{local(box.clock.now()):%Y%m%d}{box.state.next(kind):010d}"
