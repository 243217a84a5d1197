"""A day of 100,000 transactions reconciled three ways: orders, ledger, and WeChat's two bills (TRANSACTIONS of them).

Orders and postings are copied in, the bills are written by the simulator's own writer. What is measured is what a
morning does once the bills are there: hash, read, compare, book each fee, record, and keep the bills.
"""

import gzip
import os
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bench import shop as shops
from bench.cpu import Spent
from bench.stage import NAME, Stage, staged
from tongshang.payments import accounts
from tongshang.payments.bills import days, fetch, ours, settled
from tongshang.platform.clock import SHANGHAI
from wxsandbox.pay.bills import FundLine, RefundPart, TradeLine, fund_bill, trade_bill

TRANSACTIONS = int(os.environ.get("TRANSACTIONS", "100000"))
REFUNDED = 20  # one of so many transactions is a refund
PAID, BACK = TRANSACTIONS - TRANSACTIONS // REFUNDED, TRANSACTIONS // REFUNDED
ID = "('00000000-0000-4000-80{kind}-' || lpad(to_hex({n}), 12, '0'))::uuid"
CHARGE, ATTEMPT, REFUND, NUMBER = (ID.format(kind=kind, n="n") for kind in ("01", "02", "03", "04"))
FEN = "(100 + n * 7901 % 90000)"
AT = "'{start}'::timestamptz + interval '80000 seconds' * (n::float8 / {paid})"
FILL = (
    f"""insert into charge (merchant_id, id, subject_id, purpose, payer_openid, description, amount_fen, state,
  paid_attempt_id, transaction_id, opened_at, expires_at, paid_at)
select '{{m}}', {CHARGE}, {CHARGE}, 'sale', 'o' || n, '茶', {FEN}, 'paid', {ATTEMPT}, '42' || lpad(n::text, 26, '0'),
  {AT}, {AT} + interval '15 minutes', {AT} from generate_series(1, {{paid}}) n""",
    f"""
insert into charge_attempt (merchant_id, id, charge_id, account_id, kind, appid, payer_openid, amount_fen, state,
  transaction_id, paid_fen, refunded_fen, opened_at, paid_at)
select '{{m}}', {ATTEMPT}, {CHARGE}, '{{account}}', 'jsapi', '{{appid}}', 'o' || n, {FEN}, 'paid',
  '42' || lpad(n::text, 26, '0'), {FEN}, case when n <= {{back}} then {FEN} else 0 end, {AT}, {AT}
from generate_series(1, {{paid}}) n""",
    f"""
insert into refund (merchant_id, id, charge_id, attempt_id, subject_id, origin, amount_fen, reason, state, asked_at,
  settled_at)
select '{{m}}', {REFUND}, {CHARGE}, {ATTEMPT}, {CHARGE}, 'asked', {FEN}, '少一包', 'settled', {AT}, {AT}
from generate_series(1, {{back}}) n""",
    f"""
insert into refund_attempt (merchant_id, id, refund_id, number, state, wx_refund_id, sent_at, accepted_at, ended_at,
  created_at)
select '{{m}}', {NUMBER}, {REFUND}, 1, 'settled', '50' || lpad(n::text, 26, '0'), {AT}, {AT}, {AT}, {AT}
from generate_series(1, {{back}}) n""",
    f"""insert into posting (merchant_id, id, debit, credit, amount_fen, kind, source_id, charge_id, day, at)
select '{{m}}', gen_random_uuid(), 'cash_at_wechat', 'sales', {FEN}, 'payment', {ATTEMPT}, {CHARGE}, '{{day}}', {AT}
from generate_series(1, {{paid}}) n""",
    f"""insert into posting (merchant_id, id, debit, credit, amount_fen, kind, source_id, charge_id, day, at)
select '{{m}}', gen_random_uuid(), k.debit, k.credit, {FEN}, k.kind, {NUMBER}, {CHARGE}, '{{day}}', {AT}
from generate_series(1, {{back}}) n, (values ('refunds', 'refunds_payable', 'refund_promised'),
  ('refunds_payable', 'cash_at_wechat', 'refund_settled')) k(debit, credit, kind)""",
)


async def run() -> dict[str, float]:
    """Fill a day, write its bills, and reconcile it; then once more, as after a person asked for it."""
    async with staged() as stage:
        shop = await shops.opened(stage)
        day = datetime.now(SHANGHAI).date() - timedelta(days=2)
        async with stage.world.tx(shop.merchant) as tx:
            till = await accounts.till(tx)
        _fill(stage, shop.merchant.hex, till.account.id.hex, till.account.appid, day)
        await stage.known()
        start, _ = ours.bounds(day)
        lines = list(_lines(till.account.mchid, till.account.appid, start))
        files = {"trade": trade_bill(lines, "ALL"), "fund": fund_bill(list(_flows(lines)))}
        packed = {kind: gzip.compress(data, mtime=0) for kind, data in files.items()}
        seconds: list[float] = []
        worked: list[float] = []
        for _ in range(2):
            spent = stage.spent()
            async with stage.world.tx(shop.merchant) as tx:
                await tx.run(days.ASK, tx.merchant, day, tx.now)
            began = time.perf_counter()
            unpacked: dict[str, bytes | None] = {kind: gzip.decompress(data) for kind, data in packed.items()}
            fetched = fetch.Fetched(till, unpacked)
            state = await fetch.reconcile(stage.world, shop.merchant, day=day, fetched=[fetched])
            seconds.append(time.perf_counter() - began)
            worked.append(_cpu(stage.spent()) - _cpu(spent))
            assert state == "agreed", state
        booked = await stage.value("select count(*) from posting where kind in ('fee', 'fee_back')")
        assert booked == TRANSACTIONS, booked
        async with stage.world.tx(shop.merchant) as tx:
            (held,) = await settled.month(tx, first=day, end=day + timedelta(days=1))
        assert held.lines == PAID * 2 + BACK, held
        return {
            "transactions": float(TRANSACTIONS),
            "seconds": round(seconds[0], 2),
            "reconcile_cpu_seconds": round(worked[0], 2),
            "reconcile_again_seconds": round(seconds[1], 2),
            "reconcile_bill_bytes": float(sum(map(len, files.values()))),
        }


def _cpu(spent: Spent) -> float:
    """Say what the comparing process and the database have spent, in seconds."""
    return spent.generator + spent.database


def _fill(stage: Stage, merchant: str, account: str, appid: str, day: date) -> None:
    """Copy a day in."""
    start, _ = ours.bounds(day)
    said = {
        "m": merchant, "account": account, "appid": appid, "day": day, "start": start.isoformat(), "paid": PAID,
        "back": BACK,
    }  # fmt: skip
    hasty = "set session_replication_role = replica; set synchronous_commit = off; "
    for sql in FILL:
        stage.server.psql(hasty + sql.format(**said), NAME)


def _fee(fen: int) -> int:
    return (fen * 120 + 10_000) // 20_000


def _lines(mchid: str, appid: str, start: datetime) -> Iterator[TradeLine]:
    """Write what WeChat would: every payment, then every refund."""
    for n in range(1, PAID + BACK + 1):
        nth = n if n <= PAID else n - PAID
        fen, at = 100 + nth * 7901 % 90_000, start + timedelta(seconds=80_000 * nth / PAID)
        part = None
        if n > PAID:
            number = f"000000000000400080{4:02d}{nth:012x}"
            part = RefundPart(
                refund_id=f"50{nth:026d}", out_refund_no=number, refund_fen=fen, status="SUCCESS", applied_at=at,
                succeeded_at=at,
            )  # fmt: skip
        yield TradeLine(
            at=at, appid=appid, mchid=mchid, sub_mchid="", device="", transaction_id=f"42{nth:026d}",
            out_trade_no=f"000000000000400080{2:02d}{nth:012x}", openid=f"o{nth}", trade_type="JSAPI", bank="OTHERS",
            total_fen=fen, description="明前龙井", attach="", fee_fen=-_fee(fen) if part else _fee(fen), rate="0.60%",
            refund=part,
        )  # fmt: skip


def _flows(lines: list[TradeLine]) -> Iterator[FundLine]:
    """Write the account's movements that stand behind them."""
    balance = nth = 0
    for line in lines:
        moves = [("交易", line.total_fen), ("扣除交易手续费", -line.fee_fen)]
        if line.refund:
            moves = [("退款", -line.refund.refund_fen - line.fee_fen)]
        for kind, fen in moves:
            balance, nth = balance + fen, nth + 1
            yield FundLine(
                at=line.at, business_id=line.refund.refund_id if line.refund else line.transaction_id,
                flow_id=f"F{nth:026d}", name=kind, kind=kind, amount_fen=fen, balance_fen=balance, applicant="system",
                note="", voucher=line.out_trade_no,
            )  # fmt: skip
