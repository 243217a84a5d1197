"""The hand on WeChat Pay: merchants, what a person does at the cashier, and how refunds end."""

from typing import Any, Literal

import msgspec

from wxsandbox.errors import NotFound
from wxsandbox.http import Call
from wxsandbox.pay import cashier, merchants, money, refunds, wallets
from wxsandbox.pay.cashier import Bill
from wxsandbox.pay.merchants import MerchantSettings, NewMerchant
from wxsandbox.pay.rows import PayMerchant, PayRefund, PayWallet
from wxsandbox.people import fan, person_of
from wxsandbox.routes import Route
from wxsandbox.validate import control

HOST = "_sandbox"
HIDDEN = {"platform_private_pem", "certificates", "probed"}


class Withdrawal(msgspec.Struct):
    """How much a merchant takes out of the balance."""

    fen: int


class Ending(msgspec.Struct):
    """How a refund that is under way or stuck ends."""

    status: Literal["SUCCESS", "ABNORMAL", "CLOSED"]


class Payer(msgspec.Struct):
    """The account at which a person is to be known."""

    appid: str


class WalletSettings(msgspec.Struct):
    """What a person has; a field left out stays."""

    balance_fen: int | None = None
    password: str | None = None
    card: str | None = None


async def add_merchant(call: Call) -> Any:
    """Create a merchant with every key it needs."""
    return view(merchants.create(call.box, control(call.body, NewMerchant)))


async def list_merchants(call: Call) -> Any:
    """List the merchants."""
    return {"items": [view(row) for row in call.box.table(PayMerchant)]}


async def get_merchant(call: Call) -> Any:
    """Show one merchant, keys included."""
    return view(merchants.one(call.box, call.params["mchid"]))


async def put_merchant(call: Call) -> Any:
    """Change settings of a merchant."""
    settings = control(call.body, MerchantSettings)
    return view(merchants.change(call.box, call.params["mchid"], settings))


async def rotate(call: Call) -> Any:
    """Give a merchant one more platform certificate."""
    fresh = merchants.rotate(call.box, call.params["mchid"])
    return {"serial": fresh.serial, "pem": fresh.pem}


async def withdraw(call: Call) -> Any:
    """Take money out of a merchant's balance, as settlement does."""
    row, asked = merchants.one(call.box, call.params["mchid"]), control(call.body, Withdrawal)
    number = f"1{call.box.state.next('pay_withdrawal'):027d}"
    money.move(call.box, row, -asked.fen, business_id=number, name="提现", kind="提现", voucher=number)
    return {"balance_fen": row.balance_fen}


async def end_refund(call: Call) -> Any:
    """End a refund that is under way or stuck: SUCCESS, ABNORMAL or CLOSED."""
    number, asked = call.params["number"], control(call.body, Ending)
    table = call.box.state.table(PayRefund)
    found: list[PayRefund] = [*table.by("out_refund_no", number), *table.by("refund_id", number)]
    if not found:
        raise NotFound(f"refund {number}")
    row = refunds.finish(call.box, found[0], asked.status)
    return {"out_refund_no": row.out_refund_no, "refund_id": row.refund_id, "status": row.status}


async def payer(call: Call) -> Any:
    """Tell a person's openid at an account, made at first contact."""
    person = person_of(call.box, call.params["name"])
    return {"openid": fan(call.box, person.id, control(call.body, Payer).appid).openid}


async def present(call: Call) -> Any:
    """Open the cashier on a person's phone."""
    return cashier.present(call.box, call.params["name"], control(call.body, Bill))


async def pay(call: Call) -> Any:
    """Pay at the cashier with the password."""
    return cashier.pay(call.box, call.params["name"], control(call.body, Bill))


async def cancel(call: Call) -> Any:
    """Leave the cashier."""
    return cashier.cancel(call.box, call.params["name"])


async def get_wallet(call: Call) -> Any:
    """Show what a person has and what moved."""
    return wallets.wallet(call.box, person_of(call.box, call.params["name"]).id)


async def put_wallet(call: Call) -> Any:
    """Change a person's balance, password or card."""
    purse = wallets.wallet(call.box, person_of(call.box, call.params["name"]).id)
    for name, value in msgspec.structs.asdict(control(call.body, WalletSettings)).items():
        if value is not None:
            setattr(purse, name, value)
    return call.box.state.table(PayWallet).put(purse)


def view(row: PayMerchant) -> dict[str, Any]:
    """Show a merchant as the control plane does: the merchant's own secrets, not WeChat's."""
    fields: dict[str, Any] = msgspec.to_builtins(row)
    kept = {name: value for name, value in fields.items() if name not in HIDDEN and name != "id"}
    shown = [{"serial": one.serial, "pem": one.pem} for one in row.certificates]
    return {"mchid": row.id, **kept, "certificates": shown}


ROUTES = (
    Route(HOST, "GET", "/merchants", list_merchants, journal=False),
    Route(HOST, "POST", "/merchants", add_merchant, body=NewMerchant),
    Route(HOST, "GET", "/merchants/{mchid}", get_merchant, journal=False),
    Route(HOST, "PUT", "/merchants/{mchid}", put_merchant, body=MerchantSettings),
    Route(HOST, "POST", "/merchants/{mchid}/certificates", rotate),
    Route(HOST, "POST", "/merchants/{mchid}/withdrawals", withdraw, body=Withdrawal),
    Route(HOST, "POST", "/refunds/{number}/ending", end_refund, body=Ending),
    Route(HOST, "POST", "/people/{name}/payer", payer, body=Payer),
    Route(HOST, "POST", "/people/{name}/cashier", present, body=Bill),
    Route(HOST, "POST", "/people/{name}/pay", pay, body=Bill),
    Route(HOST, "POST", "/people/{name}/cancel", cancel),
    Route(HOST, "GET", "/people/{name}/wallet", get_wallet, journal=False),
    Route(HOST, "POST", "/people/{name}/wallet", put_wallet, body=WalletSettings),
)
