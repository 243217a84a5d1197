"""Notices of payments and refunds: sealed once, signed afresh for every attempt, repeated for a day.

Pages 「支付成功回调通知」 and 「退款结果通知」 of pay.weixin.qq.com/doc/v3; the timetable is the same for both.
"""

import json
from typing import TYPE_CHECKING, Any

from wxsandbox import deliveries
from wxsandbox.deliveries import Answer, Courier, Delivery, Parcel
from wxsandbox.pay import auth, crypto, merchants
from wxsandbox.pay.money import local
from wxsandbox.pay.reading import rfc3339
from wxsandbox.pay.rows import PayMerchant

if TYPE_CHECKING:
    from wxsandbox.box import Box

COURIER = "pay"
MINUTE, HOUR = 60.0, 3600.0
# 15 s, 15 s, 30 s, 3 min, 10, 20, 30, 30, 30, 60 min, 3 h, 3 h, 3 h, 6 h, 6 h: a day and four minutes.
PAUSES = (
    *(15.0, 15.0, 30.0, 3 * MINUTE, 10 * MINUTE, 20 * MINUTE),
    *(30 * MINUTE, 30 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 3 * HOUR, 3 * HOUR, 6 * HOUR, 6 * HOUR),
)
SUMMARIES = {
    "TRANSACTION.SUCCESS": "支付成功",
    "REFUND.SUCCESS": "退款成功",
    "REFUND.ABNORMAL": "退款异常",
    "REFUND.CLOSED": "退款关闭",
    "MCHTRANSFER.BILL.FINISHED": "商家转账单据终态通知",
    "PROFITSHARING": "分账",
    "PROFITSHARING_RETURN": "分账回退",
}

# What the sealed words are called, where it is not the first word of the event.
ORIGINALS = {"MCHTRANSFER.BILL.FINISHED": "mch_payment"}


def send(box: "Box", merchant: PayMerchant, *, event: str, url: str, resource: dict[str, Any]) -> None:
    """Put a notice on its way; without an APIv3 key or an address there is none."""
    if not merchant.apiv3_key or not url:
        return
    seq = box.state.next("pay_notice")
    original = ORIGINALS.get(event) or event.split(".")[0].removesuffix("_RETURN").lower()
    plain = json.dumps(resource, ensure_ascii=False, separators=(",", ":"))
    sealed = crypto.seal(
        merchant.apiv3_key, plain.encode(), nonce=box.state.dice.text(crypto.NONCE_BYTES), associated_data=original
    )
    envelope = {
        "id": f"EV-{local(box.clock.now()):%Y%m%d%H%M%S}{seq:019d}",
        "create_time": rfc3339(local(box.clock.now())),
        "resource_type": "encrypt-resource",
        "event_type": event,
        "summary": SUMMARIES[event],
        "resource": {
            "original_type": original,
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": sealed.ciphertext,
            "associated_data": sealed.associated_data,
            "nonce": sealed.nonce,
        },
    }
    body = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))
    deliveries.send(
        box,
        courier=COURIER,
        kind=f"pay.{event}",
        url=url,
        plain=plain,
        appid=merchant.id,
        data={"body": body, "mchid": merchant.id},
    )


def seal(box: "Box", delivery: Delivery, forged: bool) -> Parcel:
    """Sign one attempt with fresh time and nonce; a forged one is signed by a stranger's key."""
    merchant = merchants.one(box, delivery.data["mchid"])
    body: bytes = delivery.data["body"].encode()
    serial, key = merchants.notice_key(box, merchant)
    if forged:
        key = crypto.new_key().private_pem
    # The probe strikes first attempts only: WeChat repeats it with a right signature.
    probe = delivery.attempt == 1 and bool(
        box.faults.hit(f"callback:{delivery.kind}", "signtest", appid=delivery.appid)
    )
    headers = {
        "Content-Type": "application/json",
        "Accept": "*/*",
        "User-Agent": "Mozilla/4.0",
        "Request-ID": auth.request_id(box),
        **auth.proof(box, serial, key, body, probe),
    }
    return Parcel(delivery.url, headers, body)


async def done(box: "Box", delivery: Delivery, answer: Answer) -> bool:
    """Tell whether the merchant took it: 200 or 204, whatever the body."""
    return answer.status in (200, 204)


courier = Courier(seal=seal, done=done, pauses=PAUSES, in_order=False)
