"""What a merchant signs: requests to WeChat Pay, and the parameters a page hands to the cashier. Pure.

https://pay.weixin.qq.com/doc/v3/merchant/4012365336 (requests), /4012365339 (JSAPI) (2026-11)
"""

from weixin.pay.keys import Merchant

SCHEME = "WECHATPAY2-SHA256-RSA2048"


def authorization(merchant: Merchant, *, method: str, path: str, body: bytes, timestamp: int, nonce: str) -> str:
    """Make the Authorization header; `path` is path and query byte for byte as sent, `body` the bytes sent."""
    message = f"{method}\n{path}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"
    return (
        f'{SCHEME} mchid="{merchant.mchid}",nonce_str="{nonce}",signature="{merchant.sign(message)}",'
        f'timestamp="{timestamp}",serial_no="{merchant.serial}"'
    )


def pay_sign(merchant: Merchant, *, appid: str, prepay_id: str, timestamp: int, nonce: str) -> dict[str, str]:
    """Make the parameters of WeixinJSBridge / wx.chooseWXPay / wx.requestPayment.

    `appid` is the one the page runs under (in service-provider mode sp_appid or sub_appid), the key is always the
    caller's. signType is not signed.
    """
    package = f"prepay_id={prepay_id}"
    return {
        "appId": appid,
        "timeStamp": str(timestamp),
        "nonceStr": nonce,
        "package": package,
        "signType": "RSA",
        "paySign": merchant.sign(f"{appid}\n{timestamp}\n{nonce}\n{package}\n".encode()),
    }


def app_sign(merchant: Merchant, *, appid: str, prepay_id: str, timestamp: int, nonce: str) -> str:
    """Sign for a native app, where the fourth line is the bare prepay_id."""
    return merchant.sign(f"{appid}\n{timestamp}\n{nonce}\n{prepay_id}\n".encode())
