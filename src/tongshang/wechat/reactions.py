"""What the WeChat context does by itself: reads the inbox, exchanges codes, keeps tokens fresh."""

from datetime import datetime, timedelta

import structlog

from tongshang.platform import parked
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job
from tongshang.platform.world import World
from tongshang.wechat.authorization import grants, notices, release
from tongshang.wechat.facts import AccountAuthorized, GrantCame, GrantDoubted, InboxFilled, ReleaseAsked
from tongshang.wechat.inbox import read
from tongshang.wechat.journal import days
from tongshang.wechat.limits import usage
from tongshang.wechat.pushed import AccountVerified
from tongshang.wechat.vault import ahead, alarms, news

# How a job's last error begins when all it needed was the account's authorization, or a set of it.
WANTED_AUTHORIZATION = "^(Withdrawn|NoAccount|NotGranted|WeixinError: (61003|61007|61023|48001)|Unreachable: -1 61003)"
reactions = Reactions("wechat")
log = structlog.get_logger("wechat")


@reactions.outside(InboxFilled)
async def read_inbox(job: Job, fact: InboxFilled) -> None:
    """Turn what a bucket holds into facts of its merchants."""
    await read.read(job.world, fact.bucket)


@reactions.outside(GrantCame)
async def exchange_grant(job: Job, fact: GrantCame) -> None:
    """Exchange an authorization code, unless the redirect already did."""
    await grants.complete(job.world, job.merchant, fact.grant_id)


@reactions.outside(ReleaseAsked)
async def answer_release_test(job: Job, fact: ReleaseAsked) -> None:
    """Send the answer of WeChat's release test that is wanted by the API."""
    await release.send(job.world, fact.answer_id)


@reactions.outside(AccountAuthorized)
async def describe_account(job: Job, fact: AccountAuthorized) -> None:
    """Fetch the account's name, picture and grants."""
    await grants.describe(job.world, job.merchant, fact.appid)


@reactions.inside(AccountAuthorized)
async def take_up_again(tx: Tx, fact: AccountAuthorized) -> None:
    """Give what failed for want of the authorization a fresh start: nothing that was under way is lost."""
    await parked.revive(tx, failed_with=WANTED_AUTHORIZATION)


@reactions.outside(GrantDoubted)
async def look_again(job: Job, fact: GrantDoubted) -> None:
    """Read the account's grants again, or learn that it withdrew."""
    await grants.describe(job.world, job.merchant, fact.appid)


@reactions.inside(AccountVerified)
async def keep_news(tx: Tx, fact: AccountVerified) -> None:
    """Keep what WeChat says of the account's verification."""
    await news.keep(tx, fact)


@reactions.every(timedelta(minutes=1))
async def refresh_tokens(world: World, due: datetime) -> None:
    """Refresh tokens before they expire, so that nobody has to wait for one."""
    await ahead.refresh(world)


@reactions.every(timedelta(minutes=1))
async def watch_tickets(world: World, due: datetime) -> None:
    """Raise the alarm when WeChat's tickets stay away."""
    await alarms.watch(world)


@reactions.every(timedelta(hours=1))
async def tidy_inbox(world: World, due: datetime) -> None:
    """Forget pushes that were read long ago."""
    await read.forget(world)
    await days.keep(world)
    await usage.forget(world)
    await notices.forget(world)
