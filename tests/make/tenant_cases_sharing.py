"""How profit sharing is asked for, and what somebody shared: two payments that got stuck, two shares that stay away.

And a refund that came to nothing after its shares had come back.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from make.asking import OWN, Case, gone

NAME = "茶山供应链有限公司"
SETTING = {"enabled": False, "hold_days": 0, "max_per_myriad": 3_000}
RECEIVER = {"kind": "MERCHANT_ID", "account": "$supplier", "name": NAME, "label": "茶山供应链", "per_myriad": 1_000,
            "purpose": "partner", "relation": "SUPPLIER"}  # fmt: skip
SHARING: dict[str, Case] = {
    "get_sharing": Case(), "put_sharing_settings": Case(OWN, SETTING), "list_splits": Case(),
    "put_sharing_receiver": Case({409}, RECEIVER, path={"receiver_id": "sharing_receiver"}),
    "delete_sharing_receiver": gone(receiver_id="sharing_receiver_spare"),
    "repeat_split": gone(split_id="split_to_repeat"), "release_split": gone(split_id="split_to_release"),
    "settle_returned_shares": gone({"how": "paid", "note": "银行转账"}, refund_id="refund_in_vain"),
    "repeat_return": gone(return_id="return_to_repeat"), "waive_return": gone(return_id="return_to_waive"),
}  # fmt: skip


async def share_things(stage: Any, order: Callable[..., Awaitable[None]]) -> None:
    """Share payments with two merchants, one of which then has no money, and later takes none."""
    box = stage.town.sandbox
    for name in ("sharing_receiver", "sharing_receiver_spare"):
        made = (await box.merchant(name=NAME))["mchid"]
        stage.has["supplier"] = stage.has.get("supplier", made)
        said = RECEIVER | {"account": made}
        await stage.do("PUT", f"/sharing/receivers/{stage.fresh(name)}", said)
        stage.has[f"mchid_of_{name}"] = made
    await stage.do("PUT", "/sharing/settings", SETTING | {"enabled": True})
    await stage.town.settle()
    for name in ("shared", "shared_in_vain"):
        await order(stage, name, paid=True)
    await _pass(stage)
    await box.set_merchant(stage.has["mchid"], refund_outcome="CLOSED")
    part = {"lines": [{"line_id": stage.has["line_of_shared_in_vain"], "quantity": 1}], "reason": "不想要了"}
    await stage.do("PUT", f"/orders/{stage.has['shared_in_vain']}/refunds/{stage.fresh('refund_in_vain')}", part)
    await _pass(stage)
    await box.set_merchant(stage.has["mchid"], refund_outcome="SUCCESS")
    for name in ("sharing_receiver", "sharing_receiver_spare"):
        mchid = stage.has[f"mchid_of_{name}"]
        await box.take_out(mchid, (await box.merchant_now(mchid))["balance_fen"])
        await box.set_merchant(mchid, sharing_obstacle="ACCOUNT_ABNORMAL")
    part = {"lines": [{"line_id": stage.has["line_of_shared"], "quantity": 1}], "reason": "不想要了"}
    await stage.do("PUT", f"/orders/{stage.has['shared']}/refunds/{stage.fresh('refund_of_shared')}", part)
    for name in ("split_to_repeat", "split_to_release"):
        await order(stage, f"order_of_{name}", paid=True)
    await _pass(stage)
    await stage.do("PUT", "/sharing/settings", SETTING)
    found = {one["order_id"]: one for one in (await stage.do("GET", "/sharing/splits"))["items"]}
    for name in ("split_to_repeat", "split_to_release"):
        split = found[stage.has[f"order_of_{name}"]]
        assert split["state"] == "stuck", split
        stage.has[name] = split["id"]
    stayed = [back for share in found[stage.has["shared"]]["shares"] for back in share["returns"]]
    assert [back["state"] for back in stayed] == ["failed", "failed"], stayed
    stage.has |= {"return_to_repeat": stayed[0]["id"], "return_to_waive": stayed[1]["id"]}


async def _pass(stage: Any) -> None:
    """Let a minute pass, and what WeChat takes to share."""
    for seconds in (61, 5, 10):
        await stage.town.advance(seconds=seconds)
        await stage.town.settle()
