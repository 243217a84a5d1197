"""How the operations of stored value are asked for, and the wallet they are asked of."""

from typing import Any

from make.asking import GONE, OWN, Case, gone, owns, shopper

DEAL = {"pay_fen": 2_000, "bonus_fen": 400}
WALLET: dict[str, Case] = {
    "get_statement": Case(query="account=stored_principal&from=$day&to=$day"),
    "export_postings": Case(query="from=$day&to=$day"), "export_balances": Case(query="on=$day"),
    "list_recharge_offers": Case(), "put_recharge_offer": owns(DEAL, offer_id="recharge_offer"),
    "list_wallets": Case(), "get_wallet_report": Case(), "get_wallet": gone(fan_id="fan"),
    "list_wallet_moves": gone(fan_id="fan"),
    "return_recharge": gone({"reason": "顾客要求"}, recharge_id="recharge", return_id="recharge_return"),
    "get_my_wallet": shopper(), "list_my_wallet_moves": shopper(),
    "put_my_wallet_holder": shopper({403, *OWN}, {"name": "小爱", "phone": "13800000001"}),
    "put_recharge": shopper(GONE | OWN, {"offer_id": "$recharge_offer"}, recharge_id="new_recharge"),
    "pay_recharge": shopper(GONE, recharge_id="recharge_to_pay"),
    "get_my_recharge": shopper(GONE, recharge_id="recharge"),
    "return_my_recharge": shopper(GONE, recharge_id="recharge_mine", return_id="my_recharge_return"),
}  # fmt: skip


async def pay_ahead(stage: Any) -> None:
    """Have the first merchant's customer pay ahead three times, take one back, and set an order's price aside."""
    await stage.do("PUT", f"/recharge-offers/{stage.fresh('recharge_offer')}", DEAL)
    for name in ("recharge", "recharge_mine", "recharge_gone", "recharge_to_pay"):
        path = f"/recharges/{stage.fresh(name)}"
        await stage.shop("PUT", path, {"offer_id": stage.has["recharge_offer"]})
        if name != "recharge_to_pay":
            assert (await stage.town.alice.pay(await stage.shop("POST", f"{path}/payment")))["result"] == "ok"
    await stage.town.settle()
    for name in ("recharge_return", "my_recharge_return", "new_recharge", "order_by_balance"):
        stage.fresh(name)
    await stage.shop("PUT", f"/recharges/{stage.has['recharge_gone']}/returns/{stage.fresh('return_done')}")
    wanted = {"from": {"variant_id": stage.has["variant"]}, "delivery": "pickup"}
    quote = await stage.shop("POST", "/quote", wanted)
    asked = wanted | {"quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"], "balance_fen": 12}
    await stage.shop("PUT", f"/orders/{stage.has['order_by_balance']}", asked)
