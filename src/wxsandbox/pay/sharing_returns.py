"""Shares that come back before a refund: at once, from merchants only, within 180 days.

Page 「请求分账回退」 (wiki/doc/apiv3/apis/chapter8_1_3.shtml, 2022-04-15): twenty returns for a receiver of a request;
the money goes to the payer's available balance, and nothing more can be shared for it. A merchant without the money,
or one who is set to refuse (`return_obstacle`), makes it FAILED: a new try needs a new number.
"""

from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from wxsandbox.pay import money, orders, sharing
from wxsandbox.pay.errors import PayRefused, invalid, wrong_field
from wxsandbox.pay.money import local
from wxsandbox.pay.reading import rfc3339
from wxsandbox.pay.rows import PayMerchant
from wxsandbox.pay.rows_sharing import PaySharePart, PaySharing, PaySharingReturn
from wxsandbox.pay.types_sharing import ReturnShare

if TYPE_CHECKING:
    from wxsandbox.box import Box

WITHIN_SECONDS = 180 * 86400
MOST = 20


def request(box: "Box", caller: PayMerchant, asked: ReturnShare) -> PaySharingReturn:
    """Take a share back, or give the return known under this number."""
    row = _sharing(box, caller, asked)
    id = f"{caller.id}/{row.sub_mchid}/{asked.out_return_no}"
    if known := box.state.table(PaySharingReturn).get(id):
        words = (known.sharing, known.return_mchid, known.amount_fen)
        if words != (row.id, asked.return_mchid, asked.amount):
            raise invalid("回退信息与原请求不一致")
        return known
    part = next((one for one in row.parts if (one.type, one.account) == ("MERCHANT_ID", asked.return_mchid)), None)
    if row.rest or part is None or part.result != "SUCCESS":
        raise invalid("只能对原分账请求中成功分给商户接收方的资金进行回退")
    if asked.amount > part.amount_fen - part.returned_fen:
        raise PayRefused(403, "NOT_ENOUGH", "回退金额超过可回退金额")
    if box.clock.now() > row.finished + WITHIN_SECONDS:
        raise invalid("分账回退超过180天期限")
    earlier = box.state.table(PaySharingReturn).by("sharing", row.id)
    if sum(one.return_mchid == asked.return_mchid for one in earlier) >= MOST:
        raise invalid("对同一接收方的回退次数已达上限")
    return _give_back(box, row, part, asked, id)


def _sharing(box: "Box", caller: PayMerchant, asked: ReturnShare) -> PaySharing:
    sub = "" if asked.sub_mchid is UNSET else asked.sub_mchid
    if asked.out_order_no is not UNSET:
        return sharing.find(box, caller, sub, asked.out_order_no)
    if asked.order_id is UNSET:
        issue = "order_id or out_order_no is required"
        raise wrong_field("/out_order_no", issue, "order_id和out_order_no二选一")
    sub = orders.sub_merchant(box, caller, sub).id if sub else ""
    for row in box.state.table(PaySharing).by("order_id", asked.order_id):
        if (row.mchid, row.sub_mchid) == (caller.id, sub):
            return row
    raise PayRefused(404, "RESOURCE_NOT_EXISTS", "记录不存在")


def _give_back(box: "Box", row: PaySharing, part: PaySharePart, asked: ReturnShare, id: str) -> PaySharingReturn:
    giver, owner = (box.state.table(PayMerchant).get(mchid) for mchid in (asked.return_mchid, row.owner))
    assert giver is not None
    assert owner is not None
    now, seq = box.clock.now(), box.state.next("pay_sharing_return")
    back = PaySharingReturn(
        id=id, seq=seq, sharing=row.id, out_return_no=asked.out_return_no, return_mchid=giver.id,
        return_id=f"31{box.state.dice.below(10**8):08d}{local(now):%Y%m%d}{seq:010d}", amount_fen=asked.amount,
        description=asked.description, created=now, finished=now,
    )  # fmt: skip
    short = asked.amount > giver.balance_fen - giver.held_fen
    back.fail_reason = giver.return_obstacle or ("BALANCE_NOT_ENOUGH" if short else "")
    back.result = "FAILED" if back.fail_reason else "SUCCESS"
    if back.result == "SUCCESS":
        part.returned_fen += asked.amount
        book = {"business_id": back.return_id, "note": asked.description, "voucher": asked.out_return_no}
        money.move(box, giver, -asked.amount, name="分账回退", kind="分账", **book)
        money.move(box, owner, asked.amount, name="分账回退", kind="分账", **book)
        box.state.table(PaySharing).put(row)
        told = PaySharePart(
            type="MERCHANT_ID", account=row.owner, amount_fen=asked.amount, description=asked.description,
            detail_id=back.return_id,
        )  # fmt: skip
        number = asked.out_return_no
        sharing.tell(box, owner, row, told, event="PROFITSHARING_RETURN", number=number, id=back.return_id)
    return box.state.table(PaySharingReturn).put(back)


def find(box: "Box", caller: PayMerchant, sub: str, number: str, out_order_no: str) -> PaySharingReturn:
    """Give a return by the merchant's number; raises RESOURCE_NOT_EXISTS."""
    row = sharing.find(box, caller, sub, out_order_no)
    back = box.state.table(PaySharingReturn).get(f"{caller.id}/{row.sub_mchid}/{number}")
    if back is None or back.sharing != row.id:
        raise PayRefused(404, "RESOURCE_NOT_EXISTS", "记录不存在")
    return back


def view(box: "Box", back: PaySharingReturn) -> dict[str, Any]:
    """Describe a return as its answer and the query do."""
    row = box.state.table(PaySharing).get(back.sharing)
    assert row is not None
    answer: dict[str, Any] = {"sub_mchid": row.sub_mchid} if row.sub_mchid else {}
    answer |= {"order_id": row.order_id, "out_order_no": row.out_order_no, "out_return_no": back.out_return_no}
    answer |= {"return_id": back.return_id, "return_mchid": back.return_mchid, "amount": back.amount_fen}
    answer |= {"description": back.description, "result": back.result}
    answer |= {"fail_reason": back.fail_reason} if back.fail_reason else {}
    times = {"create_time": back.created, "finish_time": back.finished}
    return answer | {name: rfc3339(local(moment)) for name, moment in times.items()}
