"""The ledger of a merchant of many years: POSTINGS (1,000,000 unless told) over 400 days, with a snapshot a day.

What is measured is what the console asks for: the trial balance (the last snapshot and what came since, of which there
is a whole day), the statement of one account over a month, and the first page of its postings.
"""

import os
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bench import shop as shops
from bench.stage import NAME, Stage, staged
from tongshang.payments import ledger, statements
from tongshang.platform.db import Tx

POSTINGS, DAYS, LOOKS = int(os.environ.get("POSTINGS", "1000000")), 400, 40
# As the program's own ids: those that are made later sort later, so an index grows at its end.
ID = "('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"
FILL = """insert into posting (merchant_id, id, debit, credit, amount_fen, kind, source_id, charge_id, day, at, note)
select '{m}', {id}, a.debit, a.credit, 1 + n * 7919 % 100000, 'payment', {id}, null,
  date '{last}' - ({days} * ({n} - n) / {n})::integer, now(), ''
from generate_series(1::bigint, {n}) n, lateral (select
  (array['cash_at_wechat', 'fees', 'refunds', 'refunds_payable', 'stored_principal'])[1 + n % 5] as debit,
  (array['sales', 'cash_at_wechat', 'refunds_payable', 'cash_at_wechat', 'tenders_held'])[1 + n % 5] as credit) a"""
FILL_SNAPSHOTS = """insert into ledger_snapshot (merchant_id, day, account, debit_fen, credit_fen)
select '{m}', d.day, x.account, sum(x.debit_fen) over w, sum(x.credit_fen) over w
from (select day, account, sum(debit_fen)::bigint as debit_fen, sum(credit_fen)::bigint as credit_fen from (
    select day, debit as account, amount_fen as debit_fen, 0 as credit_fen from posting where merchant_id = '{m}'
    union all select day, credit, 0, amount_fen from posting where merchant_id = '{m}') s group by day, account) x
join lateral (select x.day) d on true where x.day < date '{last}'
window w as (partition by x.account order by x.day)"""


# Foreign keys are not looked up row by row: what is copied in refers to nothing.
HASTY = "set synchronous_commit = off; set session_replication_role = replica; "


async def run() -> dict[str, float]:
    """Fill a ledger, and look at it."""
    async with staged() as stage:
        shop = await shops.opened(stage)
        world, merchant = stage.world, shop.merchant
        last = ledger.today(world.clock.now())
        said: dict[str, Any] = {"m": merchant, "n": POSTINGS, "days": DAYS, "last": last, "id": ID}
        for sql in (FILL, FILL_SNAPSHOTS):
            stage.server.psql(HASTY + sql.format(**said), NAME)
        stage.server.psql("vacuum (analyze) posting", NAME)
        month = {"account": ledger.CASH, "first": last - timedelta(days=30), "last": last}
        async with world.tx(merchant) as tx:
            assert (await ledger.trial_balance(tx)).agrees
            assert (await ledger.quick_trial(tx)).agrees
        return {
            "ledger_postings": float(POSTINGS),
            "trial_balance_ms": await _cost(stage, merchant, ledger.quick_trial),
            "statement_month_ms": await _cost(stage, merchant, lambda tx: statements.of_account(tx, **month)),
            "postings_page_ms": await _cost(stage, merchant, lambda tx: ledger.postings(tx, account=ledger.CASH)),
        }


async def _cost(stage: Stage, merchant: Any, look: Callable[[Tx], Awaitable[Any]]) -> float:
    """Say how long a look takes, in the middle of some."""
    took = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        async with stage.world.tx(merchant) as tx:
            await look(tx)
        took.append(time.perf_counter() - began)
    return round(sorted(took)[LOOKS // 2] * 1000, 2)
