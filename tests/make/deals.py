"""An order of a ticket and a code between two merchants' people: paid, the ticket used once, the code looked at."""

from typing import Any
from uuid import UUID, uuid4

from make.tenant_cases_payouts import give_things
from make.tenant_cases_wallet import pay_ahead

# Who asks for it is a scene of two merchants (make.tenants), which itself sets this one.
Stage = Any


async def deal(stage: Stage) -> None:
    """Sell one of each, in one order of the first merchant's customer."""
    for name, kind, terms in (("visit", "ticket", {"days": 30, "uses": 9}), ("card", "virtual", {})):
        variant = [{"id": stage.fresh(name), "price_fen": 500, "stock": 5 if kind == "ticket" else None}]
        body = {"title": "茶会", "kind": kind, "terms": terms, "pictures": [stage.has["picture"]], "state": "on"}
        await stage.do("PUT", f"/products/{stage.fresh(f'product_of_{name}')}", body | {"variants": variant})
    made_of = {"parts": [{"variant_id": stage.has["visit"], "quantity": 1}]}
    both = {"title": "茶会两件套", "kind": "bundle", "terms": made_of, "pictures": [stage.has["picture"]]}
    one = [{"id": stage.fresh("bundle"), "price_fen": 900}]
    await stage.do("PUT", f"/products/{stage.fresh('product_of_bundle')}", both | {"variants": one})
    await stage.do("POST", f"/variants/{stage.has['card']}/codes", {"codes": ["TEA-PARTY-1", "TEA-PARTY-2"]})
    for name in ("visit", "card"):
        wanted = {"from": {"variant_id": stage.has[name]}}
        quote = await stage.shop("POST", "/quote", wanted)
        asked = wanted | {"quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}
        await stage.shop("PUT", f"/orders/{stage.fresh(f'order_of_{name}')}", asked)
        bill = await stage.shop("POST", f"/orders/{stage.has[f'order_of_{name}']}/payment")
        assert (await stage.town.alice.pay(bill))["result"] == "ok"
        await stage.town.settle()
    free = (await stage.do("GET", f"/variants/{stage.has['card']}/codes?section=free"))["items"]
    stage.has["code_spare"] = free[0]["id"]
    (ticket,) = (await stage.shop("GET", "/tickets"))["items"]
    stage.has |= {"ticket_code": ticket["code"], "ticket_use": str(uuid4()), "new_ticket_use": str(uuid4())}
    await stage.do("PUT", f"/tickets/{ticket['code']}/uses/{UUID(stage.has['ticket_use'])}", {"count": 1})
    await pay_ahead(stage)
    await give_things(stage)
