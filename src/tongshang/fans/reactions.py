"""What people do at WeChat becomes what fans did."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tongshang.fans import leaving, people
from tongshang.fans.facts import FanFollowed, SyncAsked, TagWanted, TaskAsked
from tongshang.fans.sync import look, nightly, pull, runs
from tongshang.fans.tags import carrying, catalogue
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job
from tongshang.platform.world import World
from tongshang.wechat.facts import AccountAuthorized, Followed, MenuClicked, MenuUsed, Said, Scanned, Unfollowed
from tongshang.wechat.pushed import PersonChanged

reactions = Reactions("fans")


@reactions.inside(Followed)
async def welcome_fan(tx: Tx, fact: Followed) -> None:
    """Know a person as a follower, and want to know more."""
    if fan_id := await people.follow(tx, fact):
        await look.want(tx, fan_id=fan_id)


async def _known(tx: Tx, facts: Sequence[FanFollowed]) -> list[bool]:
    waiting = await look.waiting(tx, fan_ids=[fact.fan_id for fact in facts])
    return [fact.fan_id not in waiting for fact in facts]


@reactions.outside(FanFollowed, after=look.GATHER, moot=_known)
async def look_up(job: Job, fact: FanFollowed) -> None:
    """Ask WeChat about those who follow, all who wait at once."""
    await look.go_on(job)


@reactions.inside(Unfollowed)
async def release_fan(tx: Tx, fact: Unfollowed) -> None:
    """Know a person as one who left."""
    await people.unfollow(tx, fact)


@reactions.inside(PersonChanged)
async def let_go(tx: Tx, fact: PersonChanged) -> None:
    """Delete what a person takes back at WeChat."""
    await leaving.changed(tx, fact)


@reactions.inside(Scanned)
async def note_scan(tx: Tx, fact: Scanned) -> None:
    """Put a scan on the timeline."""
    await people.scan(tx, fact)


@reactions.together(Said)
async def note_words(tx: Tx, facts: Sequence[Said]) -> None:
    """Put what somebody wrote on the timeline."""
    await people.say(tx, facts)


@reactions.inside(MenuClicked)
async def note_tap(tx: Tx, fact: MenuClicked) -> None:
    """Put a tap on the timeline."""
    await people.tap(tx, fact)


@reactions.inside(MenuUsed)
async def note_use(tx: Tx, fact: MenuUsed) -> None:
    """Put what a menu button had somebody do on the timeline."""
    await people.use(tx, fact)


@reactions.inside(AccountAuthorized)
async def begin_sync(tx: Tx, fact: AccountAuthorized) -> None:
    """Read the list of followers of an account that is new here."""
    await runs.begin_by_itself(tx, appid=fact.appid)


@reactions.every(timedelta(minutes=10))
async def begin_nightly_syncs(world: World, due: datetime) -> None:
    """Read the lists of followers anew, each at its minute of the night."""
    await nightly.begin_all(world, world.clock.now())


@reactions.outside(SyncAsked)
async def pull_followers(job: Job, fact: SyncAsked) -> None:
    """Read the list of followers, piece by piece."""
    await pull.go_on(job, fact.sync_id)


@reactions.outside(TagWanted)
async def carry_tag(job: Job, fact: TagWanted) -> None:
    """Make, rename or drop a tag at WeChat."""
    await catalogue.carry(job, fact.tag_id)


@reactions.outside(TaskAsked)
async def carry_task(job: Job, fact: TaskAsked) -> None:
    """Tag, name or block people at WeChat."""
    await carrying.go_on(job, fact.task_id)
