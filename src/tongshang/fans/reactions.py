"""What people do at WeChat becomes what fans did."""

from collections.abc import Sequence

from tongshang.fans import people
from tongshang.fans.facts import SyncAsked, TagWanted, TaskAsked
from tongshang.fans.sync import pull, runs
from tongshang.fans.tags import carrying, catalogue
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job
from tongshang.wechat.facts import AccountAuthorized, Followed, MenuClicked, MenuUsed, Said, Scanned, Unfollowed

reactions = Reactions("fans")


@reactions.inside(Followed)
async def welcome_fan(tx: Tx, fact: Followed) -> None:
    """Know a person as a follower."""
    await people.follow(tx, fact)


@reactions.inside(Unfollowed)
async def release_fan(tx: Tx, fact: Unfollowed) -> None:
    """Know a person as one who left."""
    await people.unfollow(tx, fact)


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
