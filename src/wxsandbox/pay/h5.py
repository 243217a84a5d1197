"""H5 payment: the page a browser outside WeChat is sent to, which opens the cashier and sends the browser back.

Page 「H5调起支付」 of pay.weixin.qq.com/doc/v3. A phone would leave its browser for WeChat here; the sandbox asks whose
phone it is, takes the password on the page, and goes to `redirect_url` however it ended, as WeChat does.
"""

from html import escape
from typing import Any
from urllib.parse import quote

from wxsandbox import looks
from wxsandbox.http import Call, Reply, at_person, redirect
from wxsandbox.pay import cashier, orders, reading, wallets
from wxsandbox.pay.bills import yuan
from wxsandbox.pay.cashier import Bill
from wxsandbox.pay.gate import Endpoint, guarded, struck
from wxsandbox.pay.routes import DOC, HOST, ORDER_ERRORS, PARTNER, PAY, READ
from wxsandbox.pay.rows import PayMerchant, PayOrder, PayPrepay
from wxsandbox.pay.types_ways import H5Order, PartnerH5Order
from wxsandbox.people import Person
from wxsandbox.routes import Route

PAGES = "wx.tenpay.com"
PATH = "/cgi-bin/mmpayweb-bin/checkmweb"
H5_ERRORS = ("RULE_LIMIT", *ORDER_ERRORS)


def h5(call: Call, caller: PayMerchant) -> Any:
    """Place an order for a browser outside WeChat."""
    return _url(call, orders.place(call.box, caller, reading.read(H5Order, call.body), "MWEB"))


def partner_h5(call: Call, caller: PayMerchant) -> Any:
    """Place an order of a sub-merchant for a browser outside WeChat."""
    return _url(call, orders.place(call.box, caller, reading.read(PartnerH5Order, call.body), "MWEB"))


def _url(call: Call, prepay: PayPrepay) -> dict[str, str]:
    package = call.box.state.dice.below(10**10)
    return {"h5_url": call.url(PAGES, f"{PATH}?prepay_id={prepay.id}&package={package}")}


async def show(call: Call) -> Reply:
    """Show what is to be paid, and ask whose phone this is."""
    prepay = call.box.state.table(PayPrepay).get(call.query.get("prepay_id", ""))
    row = call.box.state.table(PayOrder).get(prepay.order) if prepay else None
    if prepay is None or row is None or row.kind != "MWEB":
        return looks.problem("商家参数格式有误，请联系商家解决")
    if call.box.clock.now() >= prepay.expires:
        return looks.problem("支付请求已失效，请重新发起支付")
    people: list[Person] = list(call.box.state.table(Person).rows.values())
    known = call.person()
    if known in {person.id for person in people}:
        people = [person for person in people if person.id == known]
    view = cashier.order_view(call.box, row)
    first = people[0].id if people else ""
    choices = "".join(
        f'<label><input type="radio" name="person" value="{escape(one.id)}"{" checked" if one.id == first else ""}>'
        f"{escape(one.nickname or one.id)}</label>"
        for one in people
    )
    digits = wallets.wallet(call.box, first).password if first else ""
    body = (
        f"<div class='card center'><p>{escape(view['merchant'])}</p><h1>¥{yuan(row.total_fen)}</h1>"
        f"<p class='dim'>{escape(row.description)}</p></div>"
        f'<form method="post" class="card" action="{escape(call.url(PAGES, PATH))}?{escape(call.query_string)}">'
        f"<p class='dim'>在真实手机上，这里会打开微信。谁来付款？</p>{choices}"
        f'<label>支付密码<input name="password" inputmode="numeric" maxlength="6" value="{escape(digits)}"></label>'
        '<button class="go" name="end" value="pay">确认支付</button>'
        '<button class="no" name="end" value="cancel">取消</button></form>'
    )
    return looks.page("微信支付", body)


async def decide(call: Call) -> Reply:
    """Pay or leave, then go back to the merchant's page; without one, say how it ended."""
    form, back = call.form(), call.query.get("redirect_url", "")
    person = form.get("person", "")
    if call.box.state.table(Person).get(person) is None:
        return looks.problem("请选择付款人")
    if form.get("end") == "pay":
        package = f"prepay_id={call.query.get('prepay_id', '')}"
        said = cashier.pay(call.box, person, Bill(package=package, password=form.get("password", "")))
        if said["result"] != "ok":
            return looks.problem(said["message"])
    if back:
        return redirect(at_person(back, call.person()))
    done = "支付成功" if form.get("end") == "pay" else "支付已取消"
    return looks.page("微信支付", f"<div class='center'><h1>{done}</h1></div>")


def with_redirect(h5_url: str, back: str) -> str:
    """Add where the browser shall go afterwards."""
    return f"{h5_url}&redirect_url={quote(back, safe='')}"


def _route(path: str, endpoint: Endpoint, page: str, body: Any) -> Route:
    return Route(
        HOST, "POST", path, guarded(endpoint), page=DOC + page, date=READ, body=body, errors=H5_ERRORS, refuse=struck
    )


ROUTES = (
    _route(PAY + "/h5", h5, "merchant/4012791834", H5Order),
    _route(PARTNER + "/h5", partner_h5, "merchant/4012791834", PartnerH5Order),
    Route(PAGES, "GET", PATH, show, page=DOC + "merchant/4012791835", date=READ),
    Route(PAGES, "POST", PATH, decide, page=DOC + "merchant/4012791835", date=READ),
)
