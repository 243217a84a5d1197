"""Notices of WeChat Pay: verified, kept with their effect in one commit, and only then answered.

A notice that comes twice is kept once. One that does not agree with what we asked for is parked as suspicious.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from tongshang.payments import accounts, refunds, settling
from tongshang.payments.accounts import NotReady, PayAccount, Till
from tongshang.payments.payouts import recording
from tongshang.payments.settling import Suspicious
from tongshang.platform.batch import gathered
from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound, Refused
from tongshang.platform.world import World
from weixin.errors import BadMessage, BadSignature, PayError, Stale, UnknownSerial, Unreachable
from weixin.pay import Notice, read_notice
from weixin.products.pay import Transaction, refund_result, transaction
from weixin.products.pay.transfers import EVENT as TRANSFER_ENDED
from weixin.products.pay.transfers import transfer

log = structlog.get_logger("payments")
KEEP = """
insert into pay_notice (merchant_id, id, event_type, number, resource, state, received_at)
select $1, x.id, x.event_type, x.number, x.resource, x.state, $3
from jsonb_to_recordset($2) as x(id text, event_type text, number text, resource jsonb, state text)
on conflict (merchant_id, id) do nothing"""
KNOWN = "select array(select id from pay_notice where merchant_id = $1 and id = any($2))"
REFUSED = """
insert into pay_notice_refused (merchant_id, hour, why, times, last_at, last_serial)
values ($1, date_trunc('hour', $2::timestamptz), $3, 1, $2, $4)
on conflict (merchant_id, hour, why) do update set times = pay_notice_refused.times + 1, last_at = $2,
  last_serial = $4"""
FETCHED = "payments.certificates_fetched"
FETCH_APART_SECONDS = 60


class Forged(Refused):
    """This notice is not signed by WeChat Pay, or not lately."""

    code, status, zh = "notice.forged", 401, "通知签名无效或已过期。"


class Unreadable(Refused):
    """This notice cannot be read."""

    code, status, zh = "notice.unreadable", 400, "通知内容无法解析。"


async def receive(world: World, merchant: UUID, *, headers: Mapping[str, str], body: bytes) -> None:
    """Take a notice in; when this returns it is kept. Raises NotFound, Forged, Unreadable: WeChat comes again."""
    try:
        await _receive(world, merchant, headers, body)
    except UnknownSerial as unknown:
        # A certificate that is new to us: fetch the list, then judge once more.
        if not await _fetch_certificates(world, merchant):
            await _refuse(world, merchant, headers, unknown)
            raise Forged from None
        try:
            await _receive(world, merchant, headers, body)
        except BadSignature as bad:
            await _refuse(world, merchant, headers, bad)
            raise Forged from None
    except BadSignature as bad:
        await _refuse(world, merchant, headers, bad)
        raise Forged from None
    except BadMessage:
        raise Unreadable from None


async def _receive(world: World, merchant: UUID, headers: Mapping[str, str], body: bytes) -> None:
    """Take a notice in together with whatever else comes for this merchant; a refund's has a commit of its own."""
    asked = await gathered(world, "payments.notices", take_all).ask(merchant, (headers, body))
    if asked is not None:
        async with world.tx(merchant) as tx:
            await take_in(tx, asked)


async def take_all(tx: Tx, pushed: Sequence[tuple[Mapping[str, str], bytes]]) -> list[Notice | Exception | None]:
    """Verify pushes, keep the payments among them and do what they say; other notices are given back, verified."""
    rows = await accounts.everyone(tx)
    tills = _open(tx, rows)
    answers: list[Notice | Exception | None] = [None] * len(pushed)
    paid: list[tuple[Notice, Transaction, Till]] = []
    for nth, (headers, body) in enumerate(pushed):
        try:
            till = choose(tills, headers.get("wechatpay-serial", ""))
            client, now = till.client, int(tx.now.timestamp())
            notice = read_notice(headers, body, client.keys, client.merchant.apiv3_key, now)
            # Of shares too, in the older form: they are followed by asking, and told to whoever got the money.
            if notice.event_type == "TRANSACTION.SUCCESS" and notice.original_type != "profitsharing":
                paid.append((notice, transaction(notice.resource), till))
            else:
                answers[nth] = notice
        except (NotFound, BadSignature, BadMessage) as error:
            answers[nth] = error
    if paid:
        await _take_paid(tx, paid)
    return answers


async def _take_paid(tx: Tx, paid: Sequence[tuple[Notice, Transaction, Till]]) -> None:
    """Settle payments that are news, and keep their notices."""
    known = set(await tx.value(KNOWN, tx.merchant, [notice.id for notice, _, _ in paid]))
    # Two copies at once: the charge's lock keeps them in line, and the second one finds the attempt paid.
    news = [one for one in paid if one[0].id not in known]
    outcomes = await settling.settle_all(tx, [(told, till) for _, told, till in news]) if news else []
    rows = []
    for (notice, _, _), outcome in zip(news, outcomes, strict=True):
        if isinstance(outcome, Suspicious):
            await _park(tx, notice, outcome)
        else:
            rows.append(_row(notice, "applied"))
    if rows:
        await tx.run(KEEP, tx.merchant, rows, tx.now)


async def _park(tx: Tx, notice: Notice, wrong: Suspicious) -> None:
    log.warning("pay.suspicious", notice=notice.id, number=wrong.number, problem=wrong.problem)
    await settling.suspect(tx, id=notice.id, source=notice.event_type, wrong=wrong, told=notice.resource)


def _row(notice: Notice, state: str) -> dict[str, Any]:
    number = str(notice.resource.get("out_refund_no") or notice.resource.get("out_trade_no") or "")
    number = number or str(notice.resource.get("out_bill_no") or "")
    names = {"id": notice.id, "event_type": notice.event_type, "number": number}
    return {**names, "resource": notice.resource, "state": state}


def _open(tx: Tx, rows: list[PayAccount]) -> list[Till]:
    tills = []
    for row in rows:
        try:
            tills.append(accounts.open_till(tx, row))
        except NotReady:
            continue
    return tills


def choose(tills: list[Till], serial: str) -> Till:
    """Find the account whose key signed; raises NotFound without any, UnknownSerial when none knows the serial."""
    for till in tills:
        if till.client.keys.find(serial) is not None:
            return till
    if not tills:
        raise NotFound
    raise UnknownSerial(serial[:80])


async def take_in(tx: Tx, notice: Notice) -> None:
    """Keep a verified notice that is not of a payment, and do what it says, in the caller's transaction."""
    if await tx.value(KNOWN, tx.merchant, [notice.id]):
        return
    try:
        row = _row(notice, await _apply(tx, notice))
    except Suspicious as wrong:
        await _park(tx, notice, wrong)
        return
    await tx.run(KEEP, tx.merchant, [row], tx.now)


async def _apply(tx: Tx, notice: Notice) -> str:
    if notice.event_type == TRANSFER_ENDED:
        return await _apply_transfer(tx, notice)
    if not notice.event_type.startswith("REFUND."):
        return "ignored"
    number = str(notice.resource.get("out_refund_no") or "")
    refund_number = settling.number_to_id(number)
    try:
        problem = "out_refund_no: unknown"
        if refund_number is not None:
            await _check_merchant(tx, notice.resource, refund_number, number)
            problem = await refunds.record(tx, number=refund_number, told=refund_result(notice.resource))
    except NotFound:
        problem = "out_refund_no: unknown"
    if problem:
        raise Suspicious(problem, number=number)
    return "applied"


async def _apply_transfer(tx: Tx, notice: Notice) -> str:
    number = str(notice.resource.get("out_bill_no") or "")
    payout = settling.number_to_id(number)
    problem = "out_bill_no: unknown"
    if payout is not None:
        with suppress(NotFound):
            problem = await recording.record(tx, payout=payout, told=transfer(notice.resource))
    if problem:
        raise Suspicious(problem, number=number)
    return "applied"


async def _check_merchant(tx: Tx, resource: Mapping[str, Any], number: UUID, said: str) -> None:
    _, _, paid = await refunds.lock_try(tx, number=number)
    if paid.account_id is None:
        raise Suspicious("paid offline, and told of by WeChat", number=said)
    account = await accounts.get(tx, account=paid.account_id)
    told = (resource.get("sp_mchid") or resource.get("mchid") or "", resource.get("sub_mchid") or "")
    if told != (account.mchid, account.sub_mchid):
        raise Suspicious(f"mchid: {account.mchid} {account.sub_mchid} expected, {told[0]} {told[1]} told", number=said)


async def _fetch_certificates(world: World, merchant: UUID) -> bool:
    """Fetch certificates for accounts that live by them; at most once a minute, or a forger could make us busy."""
    fetched: dict[UUID, datetime] = world.shelf.setdefault(FETCHED, {})
    now = world.clock.now()
    before = fetched.get(merchant)
    if before is not None and 0 <= (now - before).total_seconds() < FETCH_APART_SECONDS:
        return False
    fetched[merchant] = now
    async with world.tx(merchant) as tx:
        tills = [till for till in _open(tx, await accounts.everyone(tx)) if wants_certificates(till.account)]
    done = False
    for till in tills:
        try:
            await refresh(world, merchant, till)
            done = True
        except (PayError, Unreachable, BadSignature, BadMessage) as error:
            log.warning("pay.certificates_failed", error=repr(error))
    return done


def wants_certificates(account: PayAccount) -> bool:
    """Say whether an account lives by certificates, alone or while it changes over to the public key."""
    return not account.public_key_id or bool(account.certificates)


async def refresh(world: World, merchant: UUID, till: Till) -> None:
    """Fetch an account's platform certificates and keep them."""
    await till.client.refresh_certificates()
    async with world.tx(merchant) as tx:
        await accounts.keep_certificates(tx, account=till.account.id, certificates=till.client.keys.certificates)


async def renew(world: World, merchant: UUID, till: Till) -> None:
    """Fetch certificates in time; a merchant who has none (a public key is all WeChat gives him) is no failure."""
    try:
        await refresh(world, merchant, till)
    except PayError as refused:
        if refused.code != "RESOURCE_NOT_EXISTS":
            raise
        log.info("pay.no_certificates", account=str(till.account.id))


async def _refuse(world: World, merchant: UUID, headers: Mapping[str, str], bad: BadSignature) -> None:
    why = "stale" if isinstance(bad, Stale) else "serial" if isinstance(bad, UnknownSerial) else "signature"
    serial = headers.get("wechatpay-serial", "")[:80]
    log.warning("pay.notice_refused", why=why, serial=serial)
    async with world.tx(merchant) as tx:
        await tx.run(REFUSED, tx.merchant, tx.now, why, serial)
