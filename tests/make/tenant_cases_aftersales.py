"""How the operations of after-sales are asked for, and the cases that two merchants' stage has of it."""

from typing import Any

from make.asking import GONE, Case, gone, provider, shopper

SENT_BACK = {"company": "中通", "number": "ZT556677"}
RETURN_TO = {"name": "张掌柜", "phone": "057187000000", "address": "西湖区龙井路 88 号"}
ASKS = {"kind": "refund_only", "reason": "not_wanted", "lines": [{"line_id": "$line_of_to_ship", "quantity": 1}]}
GIVES = {"lines": [{"line_id": "$line_of_shipped", "quantity": 1}], "reason": "goodwill", "amount_fen": 1}
WORDS = {"words": "请看看"}
CARD = {"bank": "ICBC_DEBIT", "account": "6222 0202 0011 2233 445", "name": "李小爱"}
CALLED = {"merchant_id": "merchant_of_case", "case_id": "case_called"}
AFTERSALES: dict[str, Case] = {
    "list_refund_banks": Case(), "mend_refund": gone(CARD, refund_id="stuck_refund"),
    "list_carriers": Case(), "get_shipping_sheet": Case(), "ship_by_sheet": Case(),
    "get_after_sale_choices": shopper(GONE, order_id="to_ship"),
    "ask_after_sale": shopper(GONE, ASKS, order_id="to_ship", case_id="new_case"),
    "upload_after_sale_picture": shopper(GONE, order_id="to_ship"),
    "list_my_after_sales": shopper(), "get_my_after_sale": shopper(GONE, case_id="case"),
    "withdraw_after_sale": shopper(GONE, case_id="case_to_withdraw"),
    "send_after_sale_parcel": shopper(GONE, SENT_BACK, case_id="case_agreed"),
    "say_in_my_after_sale": shopper(GONE, WORDS, case_id="case", message_id="message"),
    "answer_after_sale_offer": shopper(GONE, {"amount_fen": 1, "accepted": False}, case_id="case_offered"),
    "call_provider": shopper(GONE, WORDS, case_id="case_to_call"),
    "receive_replacement": shopper(GONE, case_id="case_replaced"),
    "list_after_sales": Case(), "count_after_sales": Case(), "after_sale_statistics": Case(),
    "get_after_sale": gone(case_id="case"), "list_order_after_sales": Case(path={"order_id": "to_ship"}),
    "give_after_sale": gone(GIVES, order_id="shipped", case_id="given_case"),
    "answer_after_sale": gone({"agreed": False, "words": "不行"}, case_id="case_to_answer"),
    "offer_in_after_sale": gone({"amount_fen": 2, "words": "少一点"}, case_id="case"),
    "check_in_after_sale": gone({"condition": "good", "refund": False}, case_id="case_sent"),
    "refund_after_sale": gone(case_id="case_sent"),
    "replace_after_sale": gone(SENT_BACK, case_id="case_exchanged", shipment_id="replacement"),
    "say_in_after_sale": gone(WORDS, case_id="case", message_id="merchants_message"),
    "call_provider_to_after_sale": gone(WORDS, case_id="case"),
    "note_after_sale": gone({"note": "老客户"}, case_id="case"),
    "get_after_sale_settings": Case(), "put_after_sale_settings": Case(body={"return_to": RETURN_TO}),
    "list_arbitrations": provider(), "get_arbitration": provider(**CALLED),
    "rule_arbitration": provider({"finds_for": "merchant", "words": "证据不足"}, **CALLED),
}  # fmt: skip


async def _buy_many(stage: Any) -> str:
    """Buy and send a dozen pieces; give the order's line."""
    source = {"variant_id": stage.has["variant"], "quantity": 12}
    wanted = {"from": source, "delivery": "express", "address_id": stage.has["address"]}
    quote = await stage.shop("POST", "/quote", wanted)
    asked = wanted | {"quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}
    await stage.shop("PUT", f"/orders/{stage.fresh('many')}", asked)
    bill = await stage.shop("POST", f"/orders/{stage.has['many']}/payment")
    assert (await stage.town.alice.pay(bill))["result"] == "ok"
    await stage.town.settle()
    await stage.do("PUT", f"/orders/{stage.has['many']}/shipments/{stage.fresh('parcel_of_many')}", SENT_BACK)
    lines = (await stage.do("GET", f"/orders/{stage.has['many']}"))["lines"]
    return str(lines[0]["id"])


async def _get_stuck(stage: Any, line: str) -> None:
    """Have a fen on its way back to an account that is gone."""
    await stage.town.sandbox.set_merchant(stage.has["mchid"], refund_outcome="ABNORMAL")
    part = {"lines": [{"line_id": line, "quantity": 0, "amount_fen": 1}], "reason": "少了"}
    await stage.do("PUT", f"/orders/{stage.has['many']}/refunds/{stage.fresh('stuck_refund')}", part)
    for _ in range(2):
        await stage.town.settle()
        await stage.town.advance(seconds=5)
    await stage.town.sandbox.set_merchant(stage.has["mchid"], refund_outcome="SUCCESS")


async def complain(stage: Any) -> None:
    """Have cases of one order of many pieces, each at a point where one thing can be done with it."""
    stage.has["merchant_of_case"] = str(stage.town.merchant)
    for name in ("new_case", "message", "given_case", "merchants_message", "replacement"):
        stage.fresh(name)
    await stage.do("PUT", "/after-sale-settings", {"return_to": RETURN_TO})
    line = await _buy_many(stage)
    await _get_stuck(stage, line)

    async def ask(name: str, kind: str, reason: str) -> str:
        body = {"kind": kind, "reason": reason, "lines": [{"line_id": line, "quantity": 1}]}
        await stage.shop("PUT", f"/orders/{stage.has['many']}/after-sales/{stage.fresh(name)}", body)
        return f"/after-sales/{stage.has[name]}"

    for name in ("case", "case_to_withdraw", "case_to_call", "case_to_answer", "case_called"):
        await ask(name, "return_and_refund", "agreed")
    await stage.shop("PUT", f"/after-sales/{stage.has['case_called']}/call", WORDS)
    offered = await ask("case_offered", "refund_only", "agreed")
    await stage.do("PUT", f"{offered}/offer", {"amount_fen": 1, "words": "一分"})
    agreed = [await ask(name, "exchange", "size") for name in ("case_replaced", "case_exchanged")]
    agreed += [await ask(name, "return_and_refund", "agreed") for name in ("case_sent", "case_agreed")]
    for path in agreed:
        await stage.do("PUT", f"{path}/answer", {"agreed": True})
    for path in agreed[:3]:
        await stage.shop("PUT", f"{path}/parcel", SENT_BACK)
    for path in agreed[:2]:
        await stage.do("PUT", f"{path}/check-in", {"condition": "good"})
    await stage.do("PUT", f"{agreed[0]}/replacements/{stage.fresh('replaced_by')}", SENT_BACK)
