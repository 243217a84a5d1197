"""The grant that pay-outs need under a service provider: the merchant lets the provider give its money away.

Asked for under a number of ours, answered by the merchant's administrator at WeChat's own desk or on the phone; WeChat
sends no notice of it, so it is asked after, and anybody may ask now.
"""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import structlog

from tongshang.payments import accounts
from tongshang.payments.accounts import NoPayAccount
from tongshang.payments.model import Mode
from tongshang.payments.payouts.facts import PayoutGrantAsked, PayoutGrantChanged
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.jobs import Again
from tongshang.platform.world import World
from weixin.errors import PayError, Unreachable
from weixin.products.pay import transfers

log = structlog.get_logger("payments")
ONE = """select payout_grant as state, payout_apply_id as apply_id, payout_grant_at as at from pay_account
where merchant_id = $1 and id = $2"""
ASK = """update pay_account set payout_grant = 'asked', payout_apply_id = $3, payout_grant_at = $4
where merchant_id = $1 and id = $2"""
MOVE = """update pay_account set payout_grant = $4, payout_grant_at = $5
where merchant_id = $1 and id = $2 and payout_apply_id = $3 and payout_grant <> $4"""
# In somebody's hands: WeChat's, or those of the merchant's administrator.
OPEN = frozenset({"asked", "invited"})
SOON, SELDOM = timedelta(seconds=30), timedelta(hours=2)
KNOWN = {"INVITED": "invited", "PASSED": "passed", "REJECTED": "rejected", "EXPIRED": "expired"}


class NotGranted(Refused):
    """Your provider may give your money away only after you let it; ask for that first."""

    code, status, zh = "payout.not_granted", 409, "服务商代发付款前，需要先完成商家转账授权。"


class GrantRefused(Refused):
    """WeChat Pay did not take the application: {message}"""

    code, status, zh = "payout.grant_refused", 502, "微信支付没有受理授权申请：{message}"


class Grant(msgspec.Struct, frozen=True):
    """Whether a merchant needs a grant for pay-outs (`needed`), and how its newest application stands."""

    needed: bool
    state: str
    at: datetime | None


class _Row(msgspec.Struct, frozen=True):
    state: str
    apply_id: UUID | None
    at: datetime | None


async def current(tx: Tx) -> Grant:
    """Say whether a grant is needed, and how it stands; a merchant with a number of his own needs none."""
    account = await accounts.in_use(tx)
    if account is None or account.mode is not Mode.PARTNER:
        return Grant(False, "", None)
    row = await tx.one(_Row, ONE, tx.merchant, account.id)
    return Grant(True, row.state, row.at)


async def require(tx: Tx) -> None:
    """Refuse a pay-out without the grant it needs; raises NotGranted."""
    found = await current(tx)
    if found.needed and found.state != "passed":
        raise NotGranted


async def ask(world: World, merchant: UUID) -> Grant:
    """Ask for the grant, unless it is asked for or there; raises NoPayAccount, NotReady, GrantRefused, Unreachable."""
    async with world.tx(merchant) as tx:
        account = await accounts.in_use(tx)
        if account is None:
            raise NoPayAccount
        row = await tx.one(_Row, ONE + " for update", tx.merchant, account.id)
        if account.mode is not Mode.PARTNER or row.state == "passed":
            return await current(tx)
        till = await accounts.till(tx, account=account.id)
        if row.state not in OPEN:
            # Promised before it is sent: the number makes a repeat harmless.
            row = _Row("asked", tx.new_id(), tx.now)
            await tx.run(ASK, tx.merchant, account.id, row.apply_id, tx.now)
            await tx.emit(PayoutGrantAsked(account.id))
    assert row.apply_id is not None
    try:
        told = await transfers.ask_grant(till.client, sub_mchid=account.sub_mchid, out_apply_no=row.apply_id.hex)
    except PayError as refused:
        await _record(world, merchant, account.id, row.apply_id, "rejected")
        raise GrantRefused(message=refused.message, wechat_code=refused.code) from None
    await _record(world, merchant, account.id, row.apply_id, KNOWN.get(told, "invited"))
    async with world.tx(merchant) as tx:
        return await current(tx)


async def look(world: World, merchant: UUID) -> Grant:
    """Ask WeChat now how the grant stands. Raises NoPayAccount, NotReady, Unreachable, PayError."""
    async with world.tx(merchant) as tx:
        account = await accounts.in_use(tx)
        if account is None:
            raise NoPayAccount
        row = await tx.one(_Row, ONE, tx.merchant, account.id)
        if account.mode is not Mode.PARTNER or row.apply_id is None:
            return await current(tx)
        till = await accounts.till(tx, account=account.id)
    told = await transfers.look_grant(till.client, sub_mchid=account.sub_mchid)
    if told.state == "AUTHORIZED":
        await _record(world, merchant, account.id, row.apply_id, "passed")
    elif told.state == "CANCELED":
        await _record(world, merchant, account.id, row.apply_id, "canceled")
    elif told.out_apply_no == row.apply_id.hex and told.applied in KNOWN:
        await _record(world, merchant, account.id, row.apply_id, KNOWN[told.applied])
    async with world.tx(merchant) as tx:
        return await current(tx)


async def follow(world: World, merchant: UUID, *, account: UUID) -> None:
    """Ask after an application until somebody decided; raises Again while nobody has."""
    async with world.tx(merchant) as tx:
        in_use = await accounts.in_use(tx)
    if in_use is None or in_use.id != account:
        return
    try:
        # Also when our own asking went unanswered: the same number is the same application.
        step = ask if await _state(world, merchant) == "asked" else look
        found = await step(world, merchant)
    except Unreachable as away:
        log.info("pay.grant_waits", why=str(away))
        raise Again(SOON.total_seconds()) from None
    except GrantRefused:
        return
    if found.state in OPEN:
        since = world.clock.now() - (found.at or world.clock.now())
        raise Again(min(max(since / 4, SOON), SELDOM).total_seconds())


async def _state(world: World, merchant: UUID) -> str:
    async with world.tx(merchant) as tx:
        return (await current(tx)).state


async def _record(world: World, merchant: UUID, account: UUID, apply_id: UUID, state: str) -> None:
    async with world.tx(merchant) as tx:
        if await tx.run(MOVE, tx.merchant, account, apply_id, state, tx.now):
            await tx.emit(PayoutGrantChanged(account, state))
