"""The endpoints of profit sharing, for direct merchants and service providers alike."""

from typing import Any

from msgspec import UNSET

from wxsandbox.http import Call
from wxsandbox.pay import crypto, orders, reading, sharing, sharing_returns
from wxsandbox.pay.errors import PayRefused, invalid, wrong_field
from wxsandbox.pay.gate import Endpoint, guarded, struck
from wxsandbox.pay.routes import COMMON, HOST
from wxsandbox.pay.rows import PayMerchant
from wxsandbox.pay.rows_sharing import PaySharingReceiver
from wxsandbox.pay.types_sharing import AddReceiver, DeleteReceiver, ReturnShare, ShareOrder, Unfreeze
from wxsandbox.people import fan_by_openid
from wxsandbox.routes import Route

MOST_RECEIVERS = 20_000


def add_receiver(call: Call, caller: PayMerchant) -> Any:
    """Add a receiver; once more with the same words is no error."""
    asked = reading.read(AddReceiver, call.body)
    owner, appid = _payer(call, caller, asked)
    if (asked.relation_type == "CUSTOM") != (asked.custom_relation is not UNSET):
        raise wrong_field("/custom_relation", "goes with CUSTOM alone", "relation_type为CUSTOM时custom_relation必填")
    name = _name(call, caller, asked)
    if asked.type == "MERCHANT_ID":
        receiver = call.box.state.table(PayMerchant).get(asked.account)
        if receiver is None:
            raise invalid("分账接收方商户号不存在")
        if name != receiver.name:
            raise invalid("分账接收方商户全称与商户号不匹配")
    elif fan_by_openid(call.box, appid, asked.account) is None:
        raise wrong_field("/account", "is not an openid of this appid", "分账接收方账号与appid不匹配")
    table = call.box.state.table(PaySharingReceiver)
    id = sharing.receiver_id(owner.id, asked.type, asked.account)
    if table.get(id) is None:
        if len(table.by("owner", owner.id)) >= MOST_RECEIVERS:
            raise invalid("分账接收方数量已达上限")
        seq, now = call.box.state.next("pay_sharing_receiver"), call.box.clock.now()
        words = {"owner": owner.id, "type": asked.type, "account": asked.account, "appid": appid}
        table.put(PaySharingReceiver(id=id, seq=seq, **words, relation=asked.relation_type, created=now))
    told: dict[str, Any] = {"type": asked.type, "account": asked.account, "relation_type": asked.relation_type}
    told |= {} if asked.name is UNSET else {"name": asked.name}
    return _echo(asked) | told


def delete_receiver(call: Call, caller: PayMerchant) -> Any:
    """Take a receiver off the list; one who is not there is no error."""
    asked = reading.read(DeleteReceiver, call.body)
    owner, _ = _payer(call, caller, asked)
    call.box.state.table(PaySharingReceiver).delete(sharing.receiver_id(owner.id, asked.type, asked.account))
    return _echo(asked) | {"type": asked.type, "account": asked.account}


def _echo(asked: AddReceiver | DeleteReceiver) -> dict[str, Any]:
    return {} if asked.sub_mchid is UNSET else {"sub_mchid": asked.sub_mchid}


def _payer(call: Call, caller: PayMerchant, asked: AddReceiver | DeleteReceiver) -> tuple[PayMerchant, str]:
    """Name the merchant who shares, and the account an openid belongs to."""
    orders.bound(caller, asked.appid)
    owner = caller if asked.sub_mchid is UNSET else orders.sub_merchant(call.box, caller, asked.sub_mchid)
    if asked.type != "PERSONAL_SUB_OPENID":
        return owner, asked.appid
    if asked.sub_appid is UNSET:
        issue = "is required with PERSONAL_SUB_OPENID"
        raise wrong_field("/sub_appid", issue, "接收方类型为PERSONAL_SUB_OPENID时sub_appid必填")
    orders.bound(owner, asked.sub_appid)
    return owner, asked.sub_appid


def _name(call: Call, caller: PayMerchant, asked: AddReceiver) -> str:
    """Open the receiver's name with the key its header names; a merchant's is required."""
    if asked.name is UNSET:
        if asked.type == "MERCHANT_ID":
            raise wrong_field("/name", "is required with MERCHANT_ID", "接收方类型为MERCHANT_ID时name必填")
        return ""
    serial = call.headers.get("wechatpay-serial", "")
    keys = {one.serial: one.private_pem for one in caller.certificates}
    keys |= {caller.public_key_id: caller.platform_private_pem} if caller.public_key_id else {}
    opened = crypto.decrypt_field(keys[serial], asked.name) if serial in keys else None
    if opened is None:
        raise wrong_field("/name", "cannot be decrypted", "敏感字段解密失败，请检查Wechatpay-Serial与加密公钥")
    return opened


def share(call: Call, caller: PayMerchant) -> Any:
    """Share an order; accepted is not done."""
    return sharing.view(sharing.request(call.box, caller, reading.read(ShareOrder, call.body)))


def query_share(call: Call, caller: PayMerchant) -> Any:
    """Tell how a request stands."""
    transaction = reading.parameter(call.query, "transaction_id")
    row = sharing.find(call.box, caller, call.query.get("sub_mchid", ""), call.params["out_order_no"])
    if row.transaction_id != transaction:
        raise PayRefused(404, "RESOURCE_NOT_EXISTS", "记录不存在")
    return sharing.view(row)


def unfreeze(call: Call, caller: PayMerchant) -> Any:
    """Set the rest of an order free."""
    return sharing.view(sharing.unfreeze(call.box, caller, reading.read(Unfreeze, call.body)))


def unsplit(call: Call, caller: PayMerchant) -> Any:
    """Tell how much of an order is still held; a provider asks without naming the merchant."""
    number = call.params["transaction_id"]
    for row in orders.of_transaction(call.box, number):
        if row.mchid == caller.id:
            if not row.sharing:
                raise invalid("非分账订单不支持此查询")
            return {"transaction_id": number, "unsplit_amount": row.unsplit_fen}
    raise PayRefused(404, "RESOURCE_NOT_EXISTS", "记录不存在")


def max_ratio(call: Call, caller: PayMerchant) -> Any:
    """Tell the highest share a provider's merchant agreed to."""
    sub = orders.sub_merchant(call.box, caller, call.params["sub_mchid"])
    return {"sub_mchid": sub.id, "max_ratio": sub.sharing_ratio}


def return_share(call: Call, caller: PayMerchant) -> Any:
    """Take a share back, at once."""
    asked = reading.read(ReturnShare, call.body)
    return sharing_returns.view(call.box, sharing_returns.request(call.box, caller, asked))


def query_return(call: Call, caller: PayMerchant) -> Any:
    """Tell how a return ended."""
    number, order = call.params["out_return_no"], reading.parameter(call.query, "out_order_no")
    sub = call.query.get("sub_mchid", "")
    return sharing_returns.view(call.box, sharing_returns.find(call.box, caller, sub, number, order))


ERRORS = ("NOT_ENOUGH", "RESOURCE_NOT_EXISTS", "RATELIMIT_EXCEED", *COMMON)
RECEIVER_ERRORS = ("APPID_MCHID_NOT_MATCH", "RATELIMIT_EXCEED", *COMMON)
DOC, WIKI = "https://pay.weixin.qq.com/doc/v3/", "https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter8_1_"
BASE, READ = "/v3/profitsharing", "2026-11-23"


def _route(
    method: str, path: str, endpoint: Endpoint, page: str, errors: tuple[str, ...] = ERRORS, body: Any = None
) -> Route:
    handler = guarded(endpoint)
    return Route(HOST, method, BASE + path, handler, page=page, date=READ, body=body, errors=errors, refuse=struck)


ROUTES = (
    _route("POST", "/receivers/add", add_receiver, WIKI + "8.shtml", RECEIVER_ERRORS, AddReceiver),
    _route("POST", "/receivers/delete", delete_receiver, WIKI + "9.shtml", RECEIVER_ERRORS, DeleteReceiver),
    _route("POST", "/orders", share, DOC + "partner/4012690683", ERRORS, ShareOrder),
    _route("GET", "/orders/{out_order_no}", query_share, WIKI + "2.shtml"),
    _route("POST", "/orders/unfreeze", unfreeze, DOC + "merchant/4012526374", ERRORS, Unfreeze),
    _route("GET", "/transactions/{transaction_id}/amounts", unsplit, WIKI + "6.shtml"),
    _route("GET", "/merchant-configs/{sub_mchid}", max_ratio, DOC + "partner/4012467022"),
    _route("POST", "/return-orders", return_share, WIKI + "3.shtml", ERRORS, ReturnShare),
    _route("GET", "/return-orders/{out_return_no}", query_return, WIKI + "4.shtml"),
)
