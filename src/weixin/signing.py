"""The SHA-1 signatures of the account side: pushes, JS-SDK pages, cards. Pure."""

import hmac
from hashlib import sha1


def sha1_signature(*parts: str) -> str:
    """Sign by WeChat's rule: sort the parts, join them, SHA-1, lower-case hex."""
    # The algorithm is WeChat's choice; the token inside is what keeps it from being forged.
    return sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def same(expected: str, given: str) -> bool:
    """Compare two signatures in constant time; `given` may be anything a stranger sent."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))


def check_url_signature(token: str, *, signature: str, timestamp: str, nonce: str) -> bool:
    """Tell whether a GET with echostr, or a push in plain mode, is WeChat's.

    https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Access_Overview.html (2026-11)
    """
    return same(sha1_signature(token, timestamp, nonce), signature)


def jsapi_signature(ticket: str, nonce: str, timestamp: int | str, url: str) -> str:
    """Sign a page for wx.config; the fragment of `url` is left out, nothing is percent-encoded.

    https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html appendix 1 (2026-11)
    """
    page = url.partition("#")[0]
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}"
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def card_signature(*values: str) -> str:
    """Sign a card for chooseCard or addCard: the same rule as for pushes, over the values alone."""
    return sha1_signature(*values)
