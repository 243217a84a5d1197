"""A person's side of money: the wallet, and the receipts that the service 微信支付 writes into their chats."""

from typing import TYPE_CHECKING, Any

from wxsandbox.accounts import Account
from wxsandbox.pay.bills import yuan
from wxsandbox.pay.rows import PayMerchant, PayOrder, PayRefund, PayWallet
from wxsandbox.pay.transfer_rows import PayTransfer
from wxsandbox.people import fan, show

if TYPE_CHECKING:
    from wxsandbox.box import Box

SERVICE = "wechatpay"
KEPT_LINES = 200


def wallet(box: "Box", person: str) -> PayWallet:
    """Return a person's wallet, filled at first look."""
    table = box.state.table(PayWallet)
    known = table.get(person)
    return known or table.put(PayWallet(id=person, seq=box.state.next("pay_wallet")))


def take(box: "Box", person: str, row: PayOrder) -> str:
    """Take an order's money from the change, else from the card; returns the bank_type."""
    purse = wallet(box, person)
    bank = "OTHERS" if purse.balance_fen >= row.total_fen else purse.card
    if bank == "OTHERS":
        purse.balance_fen -= row.total_fen
    _line(box, purse, -row.total_fen, row.description, row.transaction_id)
    return bank


def receipt(box: "Box", row: PayOrder) -> None:
    """Write the payment receipt into the payer's chat."""
    content = {
        "title": "微信支付凭证",
        "amount": f"¥{yuan(row.total_fen)}",
        "fen": row.total_fen,
        "merchant": _name(box, row.owner),
        "description": row.description,
        "method": "零钱" if row.bank == "OTHERS" else "银行卡",
        "transaction_id": row.transaction_id,
        "out_trade_no": row.out_trade_no,
    }
    _tell(box, row.payer_person, "receipt", content)


def restore(box: "Box", row: PayOrder) -> None:
    """Undo a payment that was called off at the counter."""
    purse = wallet(box, row.payer_person)
    if row.bank == "OTHERS":
        purse.balance_fen += row.total_fen
    _line(box, purse, row.total_fen, f"撤销-{row.description}", row.transaction_id)


def give_back(box: "Box", order: PayOrder, row: PayRefund) -> None:
    """Give a refund's money back to where it came from, and say so."""
    purse = wallet(box, order.payer_person)
    if order.bank == "OTHERS":
        purse.balance_fen += row.refund_fen
    _line(box, purse, row.refund_fen, f"退款-{order.description}", row.refund_id)
    content = {
        "title": "退款到账通知",
        "amount": f"¥{yuan(row.refund_fen)}",
        "fen": row.refund_fen,
        "merchant": _name(box, order.owner),
        "description": row.reason or order.description,
        "method": row.account,
        "refund_id": row.refund_id,
        "out_refund_no": row.out_refund_no,
    }
    _tell(box, order.payer_person, "refund", content)


def receive(box: "Box", person: str, fen: int, title: str, number: str) -> None:
    """Put money that somebody sent into the change."""
    purse = wallet(box, person)
    purse.balance_fen += fen
    _line(box, purse, fen, title, number)


def gift(box: "Box", row: PayTransfer) -> None:
    """Put what a merchant gave into somebody's change, and say so."""
    purse = wallet(box, row.person)
    purse.balance_fen += row.amount_fen
    _line(box, purse, row.amount_fen, row.shows, row.bill_no)
    content = {
        "title": "收到红包" if row.packet else "商家转账入账通知",
        "amount": f"¥{yuan(row.amount_fen)}",
        "fen": row.amount_fen,
        "merchant": _name(box, row.mchid),
        "description": row.remark,
        "method": "零钱",
        "transfer_bill_no": row.bill_no,
        "out_bill_no": row.out_bill_no,
    }
    _tell(box, row.person, "gift", content)


def _name(box: "Box", mchid: str) -> str:
    merchant = box.state.table(PayMerchant).get(mchid)
    return merchant.name if merchant else mchid


def _line(box: "Box", purse: PayWallet, fen: int, title: str, number: str) -> None:
    purse.lines = [*purse.lines, {"at": box.clock.now(), "fen": fen, "title": title, "number": number}]
    purse.lines = purse.lines[-KEPT_LINES:]
    box.state.table(PayWallet).put(purse)


def _tell(box: "Box", person: str, kind: str, content: dict[str, Any]) -> None:
    service(box)
    fan(box, person, SERVICE)
    show(box, appid=SERVICE, person=person, who="account", kind=kind, content=content, via="pay")


def service(box: "Box") -> Account:
    """Return the account 微信支付 that receipts come from, made when first needed."""
    table = box.state.table(Account)
    known = table.get(SERVICE)
    if known is None:
        secret = box.state.dice.hex(32)
        known = Account(id=SERVICE, user_name="gh_wechatpay", nick_name="微信支付", secret=secret, service_type=2)
        known = table.put(known)
    return known
