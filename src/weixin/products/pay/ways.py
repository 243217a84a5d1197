"""The other ways to pay: H5 for browsers outside WeChat, and the code a person shows at the counter.

H5: https://pay.weixin.qq.com/doc/v3/merchant/4012791834 (2024-12-03). Code pay in v3 is open to merchants who were let
in to it (published transcription of 2024-04-15); its meaning is that of V2's /pay/micropay: there is no notice, a
person may have to type a password (USERPAYING), and what does not end within half a minute is to be reversed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from weixin.pay.client import PayClient
from weixin.products.pay.orders import Transaction, ids_of, order_body, path_of, transaction
from weixin.tokens import text


async def h5_order(
    client: PayClient,
    *,
    appid: str,
    out_trade_no: str,
    description: str,
    amount_fen: int,
    notify_url: str,
    payer_ip: str,
    kind: str = "Wap",
    sub_mchid: str | None = None,
    sub_appid: str | None = None,
    expires_at: datetime | None = None,
    options: Mapping[str, Any] | None = None,
) -> str:
    """Place an order for a browser outside WeChat; gives the h5_url to go to, good for five minutes.

    `kind` is Wap, iOS or Android; `payer_ip` the browser's own address.
    """
    body = order_body(
        client, appid, out_trade_no, description, amount_fen, notify_url, sub_mchid, sub_appid, expires_at, None
    )
    body |= {"scene_info": {"payer_client_ip": payer_ip, "h5_info": {"type": kind}}, **(options or {})}
    return text(await client.request("POST", path_of(sub_mchid, "h5"), body), "h5_url")


def with_redirect(h5_url: str, back: str) -> str:
    """Say where the browser shall go when the person leaves WeChat again; ask by query there, it proves nothing."""
    return f"{h5_url}&redirect_url={quote(back, safe='')}"


async def code_order(
    client: PayClient,
    *,
    appid: str,
    out_trade_no: str,
    description: str,
    amount_fen: int,
    auth_code: str,
    store_id: str,
    sub_mchid: str | None = None,
    sub_appid: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> Transaction:
    """Take money by the eighteen digits on a person's screen; gives the order as it then stands.

    Raises Unreachable also while the person types the password: ask by query, and reverse what does not end.
    """
    body: dict[str, Any] = {"appid" if sub_mchid is None else "sp_appid": appid, **ids_of(client, sub_mchid)}
    body |= {"sub_appid": sub_appid} if sub_mchid is not None and sub_appid is not None else {}
    body |= {"description": description, "out_trade_no": out_trade_no, "payer": {"auth_code": auth_code}}
    body |= {"amount": {"total": amount_fen, "currency": "CNY"}, "scene_info": {"store_info": {"out_id": store_id}}}
    return transaction(await client.request("POST", path_of(sub_mchid, "codepay"), body | dict(options or {})))


async def reverse(client: PayClient, *, out_trade_no: str, appid: str, sub_mchid: str | None = None) -> None:
    """Call a code payment off: nobody can pay it any more, and what was paid goes back. Repeat it until it answers."""
    path = path_of(sub_mchid, f"out-trade-no/{quote(out_trade_no, safe='')}/reverse")
    body = {"appid" if sub_mchid is None else "sp_appid": appid, **ids_of(client, sub_mchid)}
    await client.request("POST", path, body)
