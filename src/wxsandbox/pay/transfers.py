"""Merchant transfers: the money is set aside, the person confirms within a day, else it comes back.

Pages of pay.weixin.qq.com/doc/v3: 「发起转账」 (merchant/4012716434, 2025-03-21), 「商户单号查询转账单」
(4012716437), 「撤销转账」 (4012716458), 「商家转账回调通知」 (4012712115).
"""

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from wxsandbox.pay import crypto, money, notices, reading, transfer_rules, wallets
from wxsandbox.pay.errors import PayRefused, invalid
from wxsandbox.pay.money import local
from wxsandbox.pay.reading import rfc3339
from wxsandbox.pay.rows import PayMerchant
from wxsandbox.pay.transfer_rows import ENDED, PayTransfer
from wxsandbox.pay.types_transfers import TransferBill
from wxsandbox.people import fan_by_openid
from wxsandbox.routes import Due

if TYPE_CHECKING:
    from wxsandbox.box import Box

DAY_SECONDS, KEPT_SECONDS = 86400, 30 * 86400
# How long WeChat takes to move the money once somebody confirmed, to call a transfer off, and to look for funds again.
MOVES_SECONDS, CANCELS_SECONDS, AGAIN_SECONDS = 2.0, 3.0, 60.0
EVENT = "MCHTRANSFER.BILL.FINISHED"


def create(
    box: "Box", caller: PayMerchant, asked: TransferBill, serial: str, *, payer: PayMerchant | None = None
) -> PayTransfer:
    """Take a transfer, or go on with the one known under this number; other words are refused.

    `payer` is whose money it is when the caller is a service provider.
    """
    payer = payer or caller
    if asked.notify_url is not UNSET:
        reading.callback_url(asked.notify_url)
    table = box.state.table(PayTransfer)
    # Encrypted anew each time: the name is compared as it was meant.
    words = msgspec.json.encode(msgspec.structs.replace(asked, user_name=UNSET)).decode()
    if known := table.get(f"{payer.id}/{asked.out_bill_no}"):
        if known.words != words or (asked.user_name is not UNSET) != bool(known.name):
            raise PayRefused(400, "ALREADY_EXISTS", "单号已存在但信息不一致，请查单后比较确认")
        return _lock(box, payer, known)
    name = transfer_rules.check(box, caller, asked, serial, payer=payer)
    person = fan_by_openid(box, asked.appid, asked.openid)
    assert person is not None
    seq, now = box.state.next("pay_transfer"), box.clock.now()
    scene = transfer_rules.SCENES[asked.transfer_scene_id]
    row = PayTransfer(
        id=f"{payer.id}/{asked.out_bill_no}",
        seq=seq,
        bill_no=f"1330{box.state.dice.below(10**6):06d}{local(now):%Y%m%d}{seq:012d}",
        mchid=payer.id,
        sp_mchid="" if payer is caller else caller.id,
        mchid_day=f"{payer.id}/{money.day_of(now)}",
        out_bill_no=asked.out_bill_no,
        appid=asked.appid,
        openid=asked.openid,
        person=person.person,
        scene=asked.transfer_scene_id,
        shows=scene.shows[0] if asked.user_recv_perception is UNSET else asked.user_recv_perception,
        packet=asked.user_recv_style is not UNSET and asked.user_recv_style.type == "RED_PACKET",
        amount_fen=asked.transfer_amount,
        remark=asked.transfer_remark,
        name=name,
        words=words,
        notify_url="" if asked.notify_url is UNSET else asked.notify_url,
        created=now,
        updated=now,
    )
    return _lock(box, payer, table.put(row))


def _lock(box: "Box", payer: PayMerchant, row: PayTransfer) -> PayTransfer:
    """Set the money aside; while the account has none, the transfer waits, and may be asked for again."""
    if row.locked or row.state in ENDED:
        return row
    held = box.faults.hit("transfer:lock", "hold", appid=payer.id)
    if held is not None or payer.balance_fen - payer.held_fen < row.amount_fen:
        return _move(box, row, "PROCESSING")
    row.locked, row.package = True, f"affffddafdfafddffda{box.state.dice.text(40)}=="
    row.expires = box.clock.now() + DAY_SECONDS
    _book(box, payer, row, -row.amount_fen)
    box.scheduler.at(row.expires, "pay.transfer_expires", id=row.id)
    return _move(box, row, "WAIT_USER_CONFIRM")


def _book(box: "Box", payer: PayMerchant, row: PayTransfer, fen: int) -> None:
    words = {"business_id": row.bill_no, "note": row.remark, "voucher": row.out_bill_no}
    money.move(box, payer, fen, name="企业付款", kind="商家转账" if fen < 0 else "商家转账退回", **words)


def _move(box: "Box", row: PayTransfer, state: str, *, why: str = "") -> PayTransfer:
    if row.state != state:
        row.updated = box.clock.now()
    row.state, row.fail_reason = state, why
    if state in ENDED or state == "CANCELING":
        row.package = ""
    return box.state.table(PayTransfer).put(row)


def confirmed(box: "Box", row: PayTransfer) -> PayTransfer:
    """The person took it: the money is under way, and there in a moment."""
    box.scheduler.at(box.clock.now() + MOVES_SECONDS, "pay.transfer_moves", id=row.id)
    return _move(box, row, "TRANSFERING")


async def expire_due(box: "Box", args: dict[str, Any]) -> None:
    """Give back what nobody took within a day."""
    row = box.state.table(PayTransfer).get(args["id"])
    if row is not None and row.state == "WAIT_USER_CONFIRM":
        finish(box, row, "FAIL", why="OVERDUE_CLOSE")


async def move_due(box: "Box", args: dict[str, Any]) -> None:
    """Bring a confirmed transfer to its end: there, or failed for a reason that a fault names."""
    row = box.state.table(PayTransfer).get(args["id"])
    if row is None or row.state != "TRANSFERING":
        return
    fault = box.faults.hit("transfer:move", "fail", appid=row.mchid, person=row.person)
    finish(box, row, "FAIL" if fault else "SUCCESS", why=(fault.code or "PAYEE_ACCOUNT_ABNORMAL") if fault else "")


async def cancel_due(box: "Box", args: dict[str, Any]) -> None:
    """Bring a transfer that is called off to its end."""
    row = box.state.table(PayTransfer).get(args["id"])
    if row is not None and row.state == "CANCELING":
        finish(box, row, "CANCELLED")


def finish(box: "Box", row: PayTransfer, state: str, *, why: str = "") -> PayTransfer:
    """End a transfer, move the money to where it belongs, and tell the merchant."""
    table = box.state.table(PayMerchant)
    payer, signer = table.get(row.mchid), table.get(row.sp_mchid or row.mchid)
    assert payer is not None
    assert signer is not None
    if row.state in ENDED:
        return row
    if state == "SUCCESS":
        wallets.gift(box, row)
    elif row.locked:
        _book(box, payer, row, row.amount_fen)
    _move(box, row, state, why=why)
    notices.send(box, signer, event=EVENT, url=row.notify_url, resource=resource(row))
    return row


def find(caller: PayMerchant, rows: list[PayTransfer], now: float, *, sub: str = "") -> PayTransfer:
    """Return a transfer of the last thirty days; raises NOT_FOUND."""
    whose = (sub, caller.id) if sub else (caller.id, "")
    for row in rows:
        if (row.mchid, row.sp_mchid) == whose and now - row.created <= KEPT_SECONDS:
            return row
    raise PayRefused(404, "NOT_FOUND", "单据不存在，请确认单号是否正确")


def cancel(box: "Box", row: PayTransfer) -> PayTransfer:
    """Call a transfer off that nobody has confirmed yet; asking again is asking once."""
    if row.state in {"CANCELING", "CANCELLED"}:
        return row
    if row.state not in {"ACCEPTED", "PROCESSING", "WAIT_USER_CONFIRM"}:
        raise invalid("当前单据状态不支持撤销，请查单确认")
    box.scheduler.at(box.clock.now() + CANCELS_SECONDS, "pay.transfer_cancels", id=row.id)
    return _move(box, row, "CANCELING")


def answer(row: PayTransfer) -> dict[str, Any]:
    """Describe a transfer as asking for it does."""
    said = {"out_bill_no": row.out_bill_no, "transfer_bill_no": row.bill_no}
    said |= {"create_time": rfc3339(local(row.created)), "state": row.state}
    if row.fail_reason:
        said["fail_reason"] = row.fail_reason
    if row.state == "WAIT_USER_CONFIRM":
        said["package_info"] = row.package
    return said


def view(caller: PayMerchant, row: PayTransfer) -> dict[str, Any]:
    """Describe a transfer as looking it up does; the package is not told again."""
    said = _whose(row) | {"appid": row.appid, "openid": row.openid, "transfer_amount": row.amount_fen}
    said |= {"transfer_remark": row.remark, "update_time": rfc3339(local(row.updated))}
    if row.name:
        said["user_name"] = crypto.encrypt_field(caller.public_pem, row.name)
    told = answer(row)
    told.pop("package_info", None)
    return told | said


def resource(row: PayTransfer) -> dict[str, Any]:
    """Describe a transfer as its notice does."""
    told = answer(row) | _whose(row) | {"transfer_amount": row.amount_fen, "openid": row.openid}
    return told | {"update_time": rfc3339(local(row.updated))}


def _whose(row: PayTransfer) -> dict[str, Any]:
    return {"sub_mchid": row.mchid, "mchid": row.sp_mchid} if row.sp_mchid else {"mch_id": row.mchid}


DUES: dict[str, Due] = {
    "pay.transfer_expires": expire_due,
    "pay.transfer_moves": move_due,
    "pay.transfer_cancels": cancel_due,
}
