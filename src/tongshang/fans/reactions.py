"""What people do at WeChat becomes what fans did."""

from tongshang.fans import people
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.wechat.facts import Followed, MenuClicked, Said, Scanned, Unfollowed

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


@reactions.inside(Said)
async def note_words(tx: Tx, fact: Said) -> None:
    """Put what somebody wrote on the timeline."""
    await people.say(tx, fact)


@reactions.inside(MenuClicked)
async def note_tap(tx: Tx, fact: MenuClicked) -> None:
    """Put a tap on the timeline."""
    await people.tap(tx, fact)
