"""Bills of a day: when they are ready, what stands in them, where they are fetched, and how they may lie.

Pages 「申请交易账单」 (2024-07-29), 「申请资金账单」, 「下载账单」 of pay.weixin.qq.com/doc/v3.
"""

import dataclasses
import gzip
import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from wxsandbox.faults import Fault
from wxsandbox.pay import bills, crypto, fund_lies, money, orders, reading
from wxsandbox.pay.bills import FundLine, RefundPart, TradeLine
from wxsandbox.pay.errors import PayRefused, invalid, no_auth
from wxsandbox.pay.money import local
from wxsandbox.pay.rows import PayFlow, PayMerchant, PayOrder, PayRefund, PayTicket

if TYPE_CHECKING:
    from wxsandbox.box import Box

TICKET_SECONDS = 300
KEPT_DAYS = 92
FROM_HOUR = 9
LIES = ("bill_drop", "bill_add", "bill_double", "bill_reprice")
REFUND_WORDS = {"SUCCESS": "SUCCESS", "ABNORMAL": "CHANGE", "CLOSED": "FAIL"}


def ready_at(box: "Box", mchid: str, day: date) -> float:
    """Return when a day's bill is there: some time from 9 to 10 the next morning, always the same."""
    shift = int.from_bytes(hashlib.sha256(f"{box.state.dice.seed}:{mchid}:{day}".encode()).digest()[:4]) % 3600
    return money.morning(day + timedelta(days=1), FROM_HOUR) + shift


def ask(
    box: "Box", caller: PayMerchant, query: Mapping[str, str], kind: str, *, key: str = "", nonce: str = ""
) -> PayTicket:
    """Give permission to download a bill, closed under `key` if there is one.

    Raises STATEMENT_CREATING or NO_STATEMENT_EXIST.
    """
    day = reading.day(query)
    today = local(box.clock.now()).date()
    if day >= today or day < today - timedelta(days=KEPT_DAYS):
        raise invalid("账单日期不合法，只能申请三个月内且早于今天的账单")
    options = ("ALL", "SUCCESS", "REFUND") if kind == "trade" else ("BASIC", "OPERATION", "FEES")
    name = "bill_type" if kind == "trade" else "account_type"
    account = reading.parameter(query, name, among=options, default=options[0])
    packed = bool(query.get("tar_type")) and reading.parameter(query, "tar_type", among=("GZIP",)) == "GZIP"
    sub = query.get("sub_mchid", "")
    if sub:
        orders.sub_merchant(box, caller, sub)
    if box.clock.now() < ready_at(box, caller.id, day):
        raise PayRefused(400, "STATEMENT_CREATING", "账单生成中，请稍后再试")
    seq = box.state.next("pay_ticket")
    ticket = PayTicket(
        id=box.state.dice.text(48),
        seq=seq,
        mchid=caller.id,
        sub_mchid=sub,
        date=day.isoformat(),
        kind=kind,
        account=account,
        gzip=packed,
        expires=box.clock.now() + TICKET_SECONDS,
        key=key,
        nonce=nonce,
    )
    if not _lines(box, ticket):
        raise PayRefused(400, "NO_STATEMENT_EXIST", "账单不存在，该日期没有交易")
    table, now = box.state.table(PayTicket), box.clock.now()
    while (oldest := next(iter(table.rows.values()), None)) and oldest.expires < now - TICKET_SECONDS:
        table.delete(oldest.id)
    return table.put(ticket)


def plain(box: "Box", ticket: PayTicket) -> bytes:
    """Write the bill as it is before packing: what the hash is taken over."""
    lines = _lines(box, ticket)
    if ticket.kind == "trade":
        return bills.trade_bill(lines, ticket.account)
    return bills.fund_bill(lines)


def digest(box: "Box", ticket: PayTicket) -> str:
    """Return the SHA1 of the plain bill in hex."""
    return hashlib.sha1(plain(box, ticket)).hexdigest()  # noqa: S324 - the contract's own hash


def fetch(box: "Box", caller: PayMerchant, token: str) -> bytes:
    """Hand out a bill for a ticket of five minutes; packed if it was asked for so."""
    ticket = box.state.table(PayTicket).get(token)
    if ticket is None or box.clock.now() >= ticket.expires:
        raise invalid("下载链接已失效，请重新申请账单")
    if ticket.mchid != caller.id:
        raise no_auth("商户无权限下载该账单")
    content = plain(box, ticket)
    content = gzip.compress(content, mtime=0) if ticket.gzip else content
    return crypto.seal_file(ticket.key, content, nonce=ticket.nonce) if ticket.key else content


def _lines(box: "Box", ticket: PayTicket) -> list[Any]:
    if ticket.kind == "trade":
        return bills.of_kind(trade_lines(box, ticket.mchid, ticket.date, ticket.sub_mchid), ticket.account)
    return fund_lines(box, ticket.sub_mchid or ticket.mchid, ticket.date) if ticket.account == "BASIC" else []


def trade_lines(box: "Box", mchid: str, day: str, sub: str = "") -> list[TradeLine]:
    """List a day's payments and refunds in the order they happened, after the lies in force."""
    key, ready = f"{mchid}/{day}", ready_at(box, mchid, date.fromisoformat(day))
    found = [_sale(row) for row in box.state.table(PayOrder).by("caller_day", key)]
    found += [
        dataclasses.replace(_sale(row), revoked=True, fee_fen=-row.fee_fen)
        for row in box.state.table(PayOrder).by("caller_day", key)
        if row.state == "REVOKED"
    ]
    found += [_refund(box, row, ready) for row in box.state.table(PayRefund).by("caller_day", key)]
    found.sort(key=lambda line: (line.at, line.refund is not None))
    for rule in box.faults.rules:
        fits = fnmatchcase("bill:trade", rule.on) and rule.appid in {"", mchid}
        if rule.effect in LIES and fits and rule.data.get("date") == day:
            found = _lie(found, rule, mchid)
    return [line for line in found if not sub or line.sub_mchid == sub]


def _sale(row: PayOrder) -> TradeLine:
    return TradeLine(
        at=local(row.paid),
        appid=row.appid,
        mchid=row.mchid,
        sub_mchid=row.sub_mchid,
        device=row.device,
        transaction_id=row.transaction_id,
        out_trade_no=row.out_trade_no,
        openid=row.openid,
        trade_type=row.kind,
        bank=row.bank,
        total_fen=row.total_fen,
        description=row.description,
        attach=row.attach or "",
        fee_fen=row.fee_fen,
        rate=row.rate,
    )


def _refund(box: "Box", row: PayRefund, ready: float) -> TradeLine:
    order = box.state.table(PayOrder).get(row.order)
    assert order is not None
    known = bool(row.finished) and row.finished <= ready
    part = RefundPart(
        refund_id=row.refund_id,
        out_refund_no=row.out_refund_no,
        refund_fen=row.refund_fen,
        status=REFUND_WORDS.get(row.status, "PROCESSING") if known else "PROCESSING",
        applied_at=local(row.created),
        succeeded_at=local(row.finished) if known and row.status == "SUCCESS" else None,
    )
    sale = _sale(order)
    return dataclasses.replace(sale, at=local(row.created), fee_fen=-row.fee_back_fen, refund=part)


def _lie(lines: list[TradeLine], rule: Fault, mchid: str) -> list[TradeLine]:
    number, fen = str(rule.data.get("number", "")), int(rule.data.get("fen", 1))
    if rule.effect == "bill_add":
        return [*lines, _invented(lines, number, fen, mchid, str(rule.data["date"]))]
    told: list[TradeLine] = []
    struck = False
    for line in lines:
        if struck or (number and number not in _numbers(line)):
            told.append(line)
            continue
        struck = True
        if rule.effect == "bill_double":
            told += [line, line]
        elif rule.effect == "bill_reprice":
            told.append(_repriced(line, fen))
    return told


def _numbers(line: TradeLine) -> set[str]:
    # A refund row is named by its own numbers, so that a lie about the order does not strike it.
    if line.refund:
        return {line.refund.refund_id, line.refund.out_refund_no}
    return {line.transaction_id, line.out_trade_no}


def _repriced(line: TradeLine, fen: int) -> TradeLine:
    if line.refund:
        part = dataclasses.replace(line.refund, refund_fen=fen)
        return dataclasses.replace(line, refund=part, fee_fen=-money.fee(fen, line.rate))
    return dataclasses.replace(line, total_fen=fen, fee_fen=money.fee(fen, line.rate))


def _invented(lines: list[TradeLine], number: str, fen: int, mchid: str, day: str) -> TradeLine:
    noon = local(money.morning(date.fromisoformat(day), 12))
    name = number or f"STRANGER{day.replace('-', '')}"
    digits = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % 10**10
    appid = lines[0].appid if lines else ""
    return TradeLine(
        at=noon,
        appid=appid,
        mchid=mchid,
        sub_mchid=lines[0].sub_mchid if lines else "",
        device="",
        transaction_id=f"4200009999{day.replace('-', '')}{digits:010d}",
        out_trade_no=name,
        openid="",
        trade_type="JSAPI",
        bank="OTHERS",
        total_fen=fen,
        description="",
        attach="",
        fee_fen=money.fee(fen, "0.60%"),
        rate="0.60%",
    )


def fund_lines(box: "Box", mchid: str, day: str) -> list[FundLine]:
    """List a day's movements of a merchant's own money, each with the balance after it."""
    rows: list[PayFlow] = box.state.table(PayFlow).by("mchid_day", f"{mchid}/{day}")
    found = [
        FundLine(
            at=local(row.at),
            business_id=row.business_id,
            flow_id=row.id,
            name=row.name,
            kind=row.kind,
            amount_fen=row.amount_fen,
            balance_fen=row.balance_fen,
            applicant=row.applicant,
            note=row.note,
            voucher=row.voucher,
        )
        for row in sorted(rows, key=lambda row: row.seq)
    ]
    for rule in box.faults.rules:
        fits = fnmatchcase("bill:fund", rule.on) and rule.appid in {"", mchid}
        if rule.effect in LIES and fits and rule.data.get("date") == day:
            found = fund_lies.told(found, rule)
    return found
