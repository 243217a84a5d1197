"""Keys that roll: WeChat Pay's certificates, a merchant's own certificate, and the change over to the public key.

Pages 「微信支付公钥」 (4012154180: callbacks move over by shares within seven days) and 「商户API证书」 of
pay.weixin.qq.com/doc/v3. A new API certificate does not end the old one: that expires, or is revoked by hand.
"""

from typing import Any

from wxsandbox.errors import NotFound, Wrong
from wxsandbox.http import Call
from wxsandbox.pay import merchants
from wxsandbox.pay.control import HOST, view
from wxsandbox.pay.rows import PayMerchant, PayOwnCertificate
from wxsandbox.routes import Route


async def renew(call: Call) -> Any:
    """Issue a new API certificate to a merchant; the old one stays good beside it."""
    row = _signer(call)
    old = PayOwnCertificate(serial=row.serial, public_pem=row.public_pem, expires=row.certificate_expires)
    row.older = [*row.older, old]
    merchants.give_certificate(call.box, row)
    return view(call.box.state.table(PayMerchant).put(row))


async def revoke(call: Call) -> Any:
    """Revoke an older API certificate: nothing signed with it is taken any more."""
    row = _signer(call)
    for old in row.older:
        if old.serial == call.params["serial"]:
            old.revoked = True
            return view(call.box.state.table(PayMerchant).put(row))
    raise NotFound(f"certificate {call.params['serial']}")


async def issue_public_key(call: Call) -> Any:
    """Issue WeChat Pay's public key to a merchant who lives by certificates; no callback is signed with it yet."""
    row = _signer(call)
    if row.public_key_id:
        raise Wrong(f"merchant {row.id} has a public key")
    merchants.give_public_key(call.box, row)
    row.public_key_share = 0.0
    return view(call.box.state.table(PayMerchant).put(row))


async def retire(call: Call) -> Any:
    """End a platform certificate before its time, as the end of an overlap does."""
    row = _signer(call)
    if len(row.certificates) == 1 and not row.public_key_id:
        raise Wrong("WeChat Pay must sign with something")
    row.certificates = [one for one in row.certificates if one.serial != call.params["serial"]]
    return view(call.box.state.table(PayMerchant).put(row))


def _signer(call: Call) -> PayMerchant:
    row = merchants.one(call.box, call.params["mchid"])
    if not row.serial:
        raise Wrong("a sub-merchant signs nothing itself")
    return row


ROUTES = (
    Route(HOST, "POST", "/merchants/{mchid}/api-certificate", renew),
    Route(HOST, "DELETE", "/merchants/{mchid}/api-certificate/{serial}", revoke),
    Route(HOST, "POST", "/merchants/{mchid}/public-key", issue_public_key),
    Route(HOST, "DELETE", "/merchants/{mchid}/certificates/{serial}", retire),
)
