"""Code pay: the merchant scans the code on a person's screen; much money waits for the password; all can be reversed.

Page 「付款码支付」 (2024-04-15) of pay.weixin.qq.com/doc/v3; where it is silent (error codes, who is asked for the
password, what reversing a paid order does) the rules are those of V2's /pay/micropay and /secapi/pay/reverse.
"""

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from wxsandbox.errors import NotFound, Wrong
from wxsandbox.http import Call
from wxsandbox.pay import cashier, money, orders, reading, sharing, wallets
from wxsandbox.pay.errors import PayRefused, invalid
from wxsandbox.pay.gate import Endpoint, guarded, struck
from wxsandbox.pay.routes import COMMON, HOST, PARTNER, PAY, READ
from wxsandbox.pay.rows import PayCode, PayMerchant, PayOrder
from wxsandbox.pay.types_ways import CodeOrder, PartnerCodeOrder, PartnerReverseOrder, ReverseOrder
from wxsandbox.people import person_of
from wxsandbox.routes import Route
from wxsandbox.validate import control

if TYPE_CHECKING:
    from wxsandbox.box import Box

CODE_SECONDS = 60
# Above this a person is asked for the password (1,000 yuan a payment, 2026-11).
FREE_FEN = 100_000
ERRORS = ("AUTH_CODE_INVALID", "AUTHCODEEXPIRE", "NOT_ENOUGH", "ORDERPAID", "OUT_TRADE_NO_USED", *COMMON)
REVERSE_ERRORS = ("ORDER_NOT_EXIST", *COMMON)
PAGE = "https://pay.weixin.qq.com/wiki/doc/api/micropay.php?chapter=9_10"
CONTROL = "_sandbox"


class Confirmed(msgspec.Struct):
    """The password typed for a code payment that waits for it; none: refused."""

    password: str = ""


def codepay(call: Call, caller: PayMerchant) -> Any:
    """Take money by the code on a person's screen."""
    asked = reading.read(CodeOrder, call.body)
    orders.own(caller, asked.mchid)
    orders.bound(caller, asked.appid)
    return _take(call.box, caller, asked, {"appid": asked.appid})


def partner_codepay(call: Call, caller: PayMerchant) -> Any:
    """Take money for a sub-merchant by the code on a person's screen."""
    asked = reading.read(PartnerCodeOrder, call.body)
    orders.own(caller, asked.sp_mchid)
    sub = orders.sub_merchant(call.box, caller, asked.sub_mchid)
    names = {"appid": caller.appids[0] if caller.appids else "", "sub_mchid": sub.id}
    if asked.sp_appid is not UNSET:
        orders.bound(caller, asked.sp_appid)
        names["appid"] = asked.sp_appid
    if asked.sub_appid is not UNSET:
        orders.bound(sub, asked.sub_appid)
        names["sub_appid"] = asked.sub_appid
    return _take(call.box, caller, asked, names)


def _take(box: "Box", caller: PayMerchant, asked: CodeOrder | PartnerCodeOrder, names: dict[str, str]) -> Any:
    table = box.state.table(PayOrder)
    words = "MICROPAY" + msgspec.json.encode(asked).decode()
    known = table.get(orders.order_id(caller.id, names.get("sub_mchid", ""), asked.out_trade_no))
    if known is not None:
        if known.words != words:
            raise PayRefused(403, "OUT_TRADE_NO_USED", "商户订单号重复，请核实商户订单号是否重复提交")
        if known.state == "SUCCESS":
            return orders.view(known)
        raise invalid("该订单号已使用，请查询订单状态")
    code = _code(box, asked.payer.auth_code)
    row = _draft(box, caller, asked, names, words)
    code.used = True
    box.state.table(PayCode).put(code)
    row.payer_person = code.person
    if row.total_fen > FREE_FEN:
        row.state = "USERPAYING"
        table.put(row)
        raise PayRefused(202, "USERPAYING", "需要用户输入支付密码")
    cashier.settle(box, code.person, row)
    return orders.view(row)


def _code(box: "Box", digits: str) -> PayCode:
    code = box.state.table(PayCode).get(digits)
    if code is None or code.used:
        raise PayRefused(400, "AUTH_CODE_INVALID", "付款码无效，请扫描微信支付被扫条码")
    if box.clock.now() >= code.expires:
        raise PayRefused(400, "AUTHCODEEXPIRE", "二维码已过期，请刷新后再试")
    return code


def _draft(
    box: "Box", caller: PayMerchant, asked: CodeOrder | PartnerCodeOrder, names: dict[str, str], words: str
) -> PayOrder:
    now, scene = box.clock.now(), asked.scene_info
    return PayOrder(
        id=orders.order_id(caller.id, names.get("sub_mchid", ""), asked.out_trade_no),
        seq=box.state.next("pay_order"),
        mchid=caller.id,
        sub_mchid=names.get("sub_mchid", ""),
        appid=names["appid"],
        sub_appid=names.get("sub_appid", ""),
        out_trade_no=asked.out_trade_no,
        kind="MICROPAY",
        words=words,
        description=asked.description,
        attach=None if asked.attach is UNSET else asked.attach,
        notify_url="",
        total_fen=asked.amount.total,
        device="" if scene.device_id is UNSET else scene.device_id,
        created=now,
        expires=now + orders.LIFE_SECONDS,
        sharing=asked.settle_info is not UNSET and asked.settle_info.profit_sharing,
    )


def reverse(call: Call, caller: PayMerchant) -> Any:
    """Call a code payment off: nobody can pay it any more, and what was paid goes back."""
    asked = reading.read(ReverseOrder, call.body)
    orders.own(caller, asked.mchid)
    row = _reversed(call.box, orders.find(call.box, caller.id, "", call.params["out_trade_no"]))
    return {"appid": row.appid, "mchid": row.mchid, "out_trade_no": row.out_trade_no}


def partner_reverse(call: Call, caller: PayMerchant) -> Any:
    """Call a code payment of a sub-merchant off."""
    asked = reading.read(PartnerReverseOrder, call.body)
    orders.own(caller, asked.sp_mchid)
    sub = orders.sub_merchant(call.box, caller, asked.sub_mchid)
    row = _reversed(call.box, orders.find(call.box, caller.id, sub.id, call.params["out_trade_no"]))
    return {"sp_mchid": row.mchid, "sub_mchid": row.sub_mchid, "out_trade_no": row.out_trade_no}


def _reversed(box: "Box", row: PayOrder) -> PayOrder:
    if row.kind != "MICROPAY":
        raise invalid("该订单不是付款码支付订单，不能撤销")
    if row.state == "REFUND":
        raise invalid("订单已发生退款，不能撤销")
    if row.state == "SUCCESS":
        owner = box.state.table(PayMerchant).get(row.owner)
        assert owner is not None
        wallets.restore(box, row)
        if row.held:
            sharing.thaw(box, row)
        back = {"business_id": row.transaction_id, "note": "撤销", "voucher": row.out_trade_no}
        money.move(box, owner, row.fee_kept_fen - row.total_fen, name="退款", kind="退款", **back)
        row.fee_kept_fen, row.refunded_fen = 0, row.total_fen
    row.state = "REVOKED"
    return box.state.table(PayOrder).put(row)


async def give_code(call: Call) -> Any:
    """Show a person's payment code: another one each time, good for a minute."""
    person = person_of(call.box, call.params["name"])
    table, now, dice = call.box.state.table(PayCode), call.box.clock.now(), call.box.state.dice
    while (oldest := next(iter(table.rows.values()), None)) and oldest.expires < now - CODE_SECONDS:
        table.delete(oldest.id)
    digits = f"13{dice.below(10**16):016d}"
    made = PayCode(id=digits, seq=call.box.state.next("pay_code"), person=person.id, expires=now + CODE_SECONDS)
    table.put(made)
    return {"auth_code": digits, "expires_in": CODE_SECONDS}


async def waiting(call: Call) -> Any:
    """Show what a person is asked to confirm with the password."""
    person = person_of(call.box, call.params["name"])
    found = [row for row in call.box.table(PayOrder) if row.payer_person == person.id and row.state == "USERPAYING"]
    return {"items": [{"id": row.id, **cashier.order_view(call.box, row)} for row in found]}


async def confirm(call: Call) -> Any:
    """Type the password for a code payment that waits for it; a wrong one, or none, ends it."""
    person = person_of(call.box, call.params["name"])
    table = call.box.state.table(PayOrder)
    row = next((one for one in table.by("out_trade_no", call.params["number"]) if one.payer_person == person.id), None)
    if row is None:
        raise NotFound(f"order {call.params['number']}")
    if row.state != "USERPAYING":
        raise Wrong(f"this payment is {row.state}")
    if control(call.body, Confirmed).password != wallets.wallet(call.box, person.id).password:
        row.state = "PAYERROR"
        table.put(row)
        return {"result": "fail", "message": "支付密码错误"}
    cashier.settle(call.box, person.id, row)
    return {"result": "ok", "message": "支付成功", "transaction_id": row.transaction_id}


def _route(path: str, endpoint: Endpoint, body: Any, errors: tuple[str, ...]) -> Route:
    # No public page describes v3's: the one on code pay is V2's.
    return Route(HOST, "POST", path, guarded(endpoint), page=PAGE, date=READ, body=body, errors=errors, refuse=struck)


REVERSE = "/out-trade-no/{out_trade_no}/reverse"
ROUTES = (
    _route(PAY + "/codepay", codepay, CodeOrder, ERRORS),
    _route(PARTNER + "/codepay", partner_codepay, PartnerCodeOrder, ERRORS),
    _route(PAY + REVERSE, reverse, ReverseOrder, REVERSE_ERRORS),
    _route(PARTNER + REVERSE, partner_reverse, PartnerReverseOrder, REVERSE_ERRORS),
    Route(CONTROL, "POST", "/people/{name}/payment-code", give_code),
    Route(CONTROL, "GET", "/people/{name}/payment-requests", waiting, journal=False),
    Route(CONTROL, "POST", "/people/{name}/payment-requests/{number}", confirm, body=Confirmed),
)
