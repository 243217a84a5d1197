"""How the operations of pay-outs are asked for, and the pay-outs they are asked of."""

from typing import Any

from make.asking import GONE, OWN, Case, gone, shopper
from make.worlds import PASSWORD

CALL = "POST /v3/fund-app/mch-transfer/transfer-bills"
REWARD = {"活动名称": "新会员有礼", "奖励说明": "注册会员抽奖一等奖"}
GIVES = {
    "fan_ids": ["$fan"], "face": "transfer", "amount_fen": 10, "reason": "marketing", "report": REWARD,
    "remark": "恭喜获奖", "password": PASSWORD,
}  # fmt: skip
PAYOUTS: dict[str, Case] = {
    "get_payout_choices": Case(), "list_payouts": Case(),
    "ask_payout_grant": Case(OWN | {409}), "look_payout_grant_up": Case(OWN | {409}),
    "put_payout_terms": Case(OWN, {"most_fen": 20_000, "day_fen": 900_000}),
    "put_payout_round": Case({404, 409}, GIVES, path={"round_id": "new_round"}),
    "cancel_payout": gone(payout_id="payout_to_cancel"), "continue_payout": gone(payout_id="payout_stalled"),
    "list_my_payouts": shopper(), "get_my_payout": shopper(GONE, query="confirm=1", payout_id="payout"),
    "open_my_payout": shopper(GONE, payout_id="payout"),
}  # fmt: skip


async def give_things(stage: Any) -> None:
    """Have a pay-out that waits for the first merchant's customer, one to be called off, and one WeChat refused."""
    stage.fresh("new_round")
    for name in ("payout", "payout_to_cancel", "payout_stalled"):
        if name == "payout_stalled":
            await stage.town.sandbox.fault(CALL, "error", code="NOT_ENOUGH", times=1)
        given = GIVES | {"fan_ids": [stage.has["fan"]]}
        await stage.do("PUT", f"/payout-rounds/{stage.fresh(f'round_of_{name}')}", given)
        await stage.town.settle()
        listed = (await stage.do("GET", "/payouts"))["items"]
        (made,) = [one for one in listed if one["round_id"] == stage.has[f"round_of_{name}"]]
        assert made["state"] == ("stalled" if name == "payout_stalled" else "waiting"), made
        stage.has[name] = made["id"]
