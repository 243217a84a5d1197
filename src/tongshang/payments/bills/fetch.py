"""Fetching a day's bills from WeChat, keeping them as they came, and recording the comparison in one commit."""

import asyncio
import gzip
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha1
from uuid import UUID

import structlog

from tongshang.payments import accounts, ledger, limits
from tongshang.payments.accounts import NotReady, Till
from tongshang.payments.bills import days, given, ours, settled, shared
from tongshang.payments.bills.compare import compare
from tongshang.payments.bills.funds import compare_funds
from tongshang.payments.bills.lines import Comparison, Kind
from tongshang.platform.db import Tx
from tongshang.platform.jobs import Again
from tongshang.platform.world import World
from weixin.errors import PayError, Unreachable
from weixin.products import pay
from weixin.products.pay import FundRow, FundSummary, TradeRow, TradeSummary

log = structlog.get_logger("payments")
KEEP = """
insert into bill (merchant_id, day, account_id, kind, sha1, raw, fetched_at) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (merchant_id, day, account_id, kind) do update set sha1 = $5, raw = $6, fetched_at = $7"""
KEPT = "select raw from bill where merchant_id = $1 and day = $2 and account_id = $3 and kind = $4"
MAKING_SECONDS, AWAY_SECONDS = 1800, 600
# Bills pack to a tenth even when little time is spent on it.
PACKING = 2
# What the day's page says in words: no bill any more; and a provider's product that has to be opened first.
LOST, CLOSED = "LOST", "SUB_FUNDS_CLOSED"


class Making(Exception):
    """WeChat is still making the bill."""


class Lost(Exception):
    """The bill is longer ago than WeChat keeps one, and none was kept here."""


@dataclass
class Fetched:
    """What came for one account; None where WeChat has no bill of that kind for the day.

    `problem` says why a kind of bill could not be had.
    """

    till: Till
    files: dict[str, bytes | None] = field(default_factory=dict)
    problem: str = ""


async def compare_day(world: World, merchant: UUID, *, day: date) -> None:
    """Fetch and compare one day; raises Again while the bill is being made or WeChat is away.

    Raises PayError when WeChat refuses: keys or rights, which a person mends. The day says so.
    """
    async with world.tx(merchant) as tx:
        wanted = await ours.accounts_of_day(tx, day=day)
        tills = [till for account in wanted if (till := await _till(tx, account))]
    try:
        fetched = [await _fetch(world, merchant, till, day) for till in tills]
    except Making:
        async with world.tx(merchant) as tx:
            await days.mark_making(tx, day=day)
        raise Again(MAKING_SECONDS) from None
    except Unreachable as away:
        async with world.tx(merchant) as tx:
            await days.mark_making(tx, day=day, problem=str(away))
        raise Again(AWAY_SECONDS) from None
    except Lost:
        async with world.tx(merchant) as tx:
            await days.mark_making(tx, day=day, problem=LOST, state="unavailable")
        log.info("bill.lost", day=day.isoformat())
        return
    except PayError as refused:
        async with world.tx(merchant) as tx:
            await days.mark_making(tx, day=day, problem=f"{refused.code} {refused.message}")
        raise
    state = await reconcile(world, merchant, day=day, fetched=fetched)
    log.info("bill.compared", day=day.isoformat(), state=state)


async def reconcile(world: World, merchant: UUID, *, day: date, fetched: Sequence[Fetched]) -> str:
    """Compare what came with orders and ledger, and record all of it in one commit; gives the day's state."""
    # Read in a thread of its own, and before the transaction: a big bill takes seconds.
    told = [await asyncio.to_thread(_read, one) for one in fetched]
    async with world.tx(merchant) as tx:
        found = {one.till.account.id: await _compare(tx, day, one) for one in told}
        for first in list(found.values())[:1]:
            for posting in await ours.strangers(tx, day=day):
                first.differ(Kind.LEDGER_UNKNOWN, posting.id.hex, posting.shown(), None)
        problem = next((one.problem for one in fetched if one.problem), "")
        state = await days.record(tx, day=day, found=found, problem=problem)
        await ledger.snapshot(tx, day=day)
    return state


async def _till(tx: Tx, account: UUID) -> Till | None:
    try:
        return await accounts.till(tx, account=account)
    except NotReady:
        return None


async def _fetch(world: World, merchant: UUID, till: Till, day: date) -> Fetched:
    fetched = Fetched(till)
    fetched.files["trade"] = await _one(world, merchant, till, day, "trade")
    try:
        fetched.files["fund"] = await _one(world, merchant, till, day, "fund")
    except Lost:
        pass  # what was kept of the day is compared
    except PayError as refused:
        # A product of its own that the provider has to open: without it, two sides are better than none.
        if till.sub_mchid is None:
            raise
        fetched.problem = CLOSED if refused.code == "NO_AUTH" else f"{refused.code} {refused.message}"
    return fetched


async def _one(world: World, merchant: UUID, till: Till, day: date, kind: str) -> bytes | None:
    try:
        return await _download(till, day, kind)
    except PayError as refused:
        if refused.code == "STATEMENT_CREATING":
            raise Making from None
        if refused.code == "NO_STATEMENT_EXIST":
            return None
        now = world.clock.now()
        if refused.code != "INVALID_REQUEST" or days.newest_billed(now) - day < limits.at(now).bill_reach:
            raise
        # Longer ago than WeChat keeps bills: what was kept here is compared again.
        async with world.tx(merchant) as tx:
            kept: bytes | None = await tx.value(KEPT, tx.merchant, day, till.account.id, kind)
        if kept is None:
            raise Lost from None
        return gzip.decompress(kept)


async def _download(till: Till, day: date, kind: str) -> bytes | None:
    if kind == "trade":
        return await pay.download_bill(
            till.client, await pay.trade_bill(till.client, day=day, sub_mchid=till.sub_mchid, gzip=True)
        )
    if till.sub_mchid is None:
        return await pay.download_bill(till.client, await pay.fund_flow_bill(till.client, day=day, gzip=True))
    # A provider's own movements are not its merchant's; a single merchant's come by another, closed way.
    links = await pay.sub_fund_flow_bill(till.client, day=day, sub_mchid=till.sub_mchid, gzip=True)
    return await pay.download_sealed_bill(till.client, links) if links else None


@dataclass
class Told:
    """What an account's bills say, read; `kept` are the files to keep: kind, hash and packed bytes."""

    till: Till
    kept: list[tuple[str, str, bytes]] = field(default_factory=list)
    rows: list[TradeRow] = field(default_factory=list)
    summary: TradeSummary | None = None
    has_funds: bool = False
    flows: list[FundRow] = field(default_factory=list)
    sums: FundSummary | None = None


def _read(fetched: Fetched) -> Told:
    told = Told(fetched.till, has_funds="fund" in fetched.files)
    for kind, content in fetched.files.items():
        if content is not None:
            digest = sha1(content, usedforsecurity=False).hexdigest()
            told.kept.append((kind, digest, gzip.compress(content, PACKING, mtime=0)))
    if (trade := fetched.files["trade"]) is not None:
        told.rows, told.summary = pay.parse_trade_bill(trade)
    if (fund := fetched.files.get("fund")) is not None:
        told.flows, told.sums = pay.parse_fund_bill(fund)
    return told


async def _compare(tx: Tx, day: date, told: Told) -> Comparison:
    account, rows = told.till.account, told.rows
    for kind, digest, packed in told.kept:
        await tx.run(KEEP, tx.merchant, day, account.id, kind, digest, packed, tx.now)
    payments = await ours.payments(tx, account=account.id, day=day, rows=rows)
    refunds = await ours.refunds(tx, account=account.id, day=day, rows=rows)
    rate = account.fee_per_myriad
    found = await asyncio.to_thread(
        compare, day, payments=payments, refunds=refunds, rows=rows, summary=told.summary, fee_per_myriad=rate
    )
    if told.has_funds:
        opening = await settled.closing(tx, account=account.id, day=day - timedelta(days=1))
        held = await asyncio.to_thread(
            compare_funds, found, rows=rows, payments=payments, refunds=refunds, flows=told.flows, summary=told.sums,
            opening_fen=opening,
        )  # fmt: skip
        shares = await shared.shares(tx, account=account.id, day=day, flows=told.flows)
        shared.compare(
            found, ours=shares, flows=told.flows, booked=await shared.booked(tx, ours=shares),
            under_way=await shared.under_way(tx, flows=told.flows),
        )  # fmt: skip
        given.compare(
            found, ours=await given.payouts(tx, account=account.id, day=day, flows=told.flows), flows=told.flows
        )
        await settled.keep(tx, account=account.id, day=day, settled=held, moves=found.moves)
    return found
