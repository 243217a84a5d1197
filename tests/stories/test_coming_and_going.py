"""Accounts that are authorized and taken back, tokens that die, callbacks that are false or stale."""

import pytest

from make.town import ACCOUNT, COMPONENT, Town
from make.townshop import open_shop


async def account_of(town: Town) -> dict[str, object]:
    """Show the account as the console does."""
    return dict((await town.owner("GET", "/wechat"))["account"] or {})


async def callbacks(town: Town) -> list[tuple[str, str]]:
    """List what the console's journal says of the last callbacks, newest first."""
    return [
        (line["event"] or line["kind"], line["state"]) for line in (await town.owner("GET", "/wechat"))["callbacks"]
    ]


@pytest.mark.parametrize("race", ["push_first", "redirect_first"])
async def test_whether_the_push_or_the_browser_comes_first_the_code_is_exchanged_once(town: Town, race: str) -> None:
    await town.sandbox.component(COMPONENT, race=race)
    await town.settle()  # being written down anew brings a new ticket
    back = await town.admin.authorize((await town.links())["pc_url"], ACCOUNT)
    if race == "push_first":
        await town.settle()
        assert (await account_of(town))["state"] == "authorized"
    else:
        assert await account_of(town) == {}
    page = await town.admin.open(back)
    assert (page.status, "授权成功" in page.text) == (200, True)
    await town.advance(seconds=5)
    assert ((await account_of(town))["nick_name"], (await account_of(town))["state"]) == ("云上茶园", "authorized")
    exchanged = await town.sandbox.journal(words="api_query_auth")
    assert len([call for call in exchanged if call["kind"] == "call"]) == 1
    assert await town.stuck_jobs() == []


async def test_an_authorization_that_was_taken_back_stops_the_shop_until_it_is_given_again(town: Town) -> None:
    shop = await open_shop(town)
    ann = await shop.follower("ann")
    await town.advance(minutes=1)
    await town.sandbox.withdraw(COMPONENT, ACCOUNT)
    await town.settle()
    assert (await account_of(town))["state"] == "withdrawn"
    assert (await callbacks(town))[0] == ("unauthorized", "received")
    # Who is inside may go on and pay, who comes cannot log in, and the owner is told why codes cannot be made.
    assert (await shop.sold(ann))["state"] == "paid"
    bob = await town.person("bob")
    assert "login_ticket=" not in (await bob.open()).url
    code = {"name": "门口", "scene": "door", "permanent": True}
    status, _ = await town.owner.refused("PUT", "/scene-codes/00000000-0000-4000-8000-00000000000a", code)
    assert status in (409, 502)
    await town.authorize()
    assert (await account_of(town))["state"] == "authorized"
    await town.owner("PUT", "/scene-codes/00000000-0000-4000-8000-00000000000a", code)
    await bob.phone.scan(text=shop.code_url)
    await town.settle()
    await bob.enter()
    assert any(bubble["kind"] == "text" for bubble in await bob.phone.chat(ACCOUNT))
    assert await town.stuck_jobs() == []


async def test_a_token_that_is_revoked_in_the_middle_heals_before_anybody_notices(town: Town) -> None:
    shop = await open_shop(town)
    for call in ("POST /cgi-bin/message/custom/send", "POST /cgi-bin/qrcode/create", "GET /cgi-bin/ticket/getticket"):
        await town.sandbox.fault(call, "expire_token", times=1)
    ann = await shop.follower("ann")
    (welcome,) = [bubble for bubble in await ann.phone.chat(ACCOUNT) if bubble["kind"] == "text"]
    assert "新客立减" in welcome["content"]["text"]
    code = {"name": "门口", "scene": "door", "permanent": True}
    assert (await town.owner("PUT", "/scene-codes/00000000-0000-4000-8000-00000000000b", code))["url"]
    config = await ann("GET", f"/js-config?url={town.at('/s/tea/')}")
    assert config["appId"] == ACCOUNT
    assert (await account_of(town))["token"]["healthy"]  # type: ignore[index]
    assert await town.stuck_jobs() == []


async def test_a_forged_push_is_refused_and_shown_and_an_old_one_changes_nothing(town: Town) -> None:
    shop = await open_shop(town)
    await town.sandbox.fault("callback:message.*", "forge", times=3)
    mallory = await town.person("mallory")
    await mallory.phone.follow(ACCOUNT)
    await town.advance(minutes=1)
    assert (await town.owner("GET", "/fans"))["items"] == []
    assert "forged" in [state for _, state in await callbacks(town)]
    await town.sandbox.heal()
    # Somebody who listened in sends an old, true push again: first soon, then late.
    ann = await shop.follower("ann")
    (followed,) = [entry for entry in await town.heard("message.event.subscribe") if entry["person"] == "ann"]
    for minutes in (1, 60):
        await town.advance(minutes=minutes)
        await town.sandbox.call("POST", f"/journal/{followed['id']}/replay")
        await town.settle()
    assert len([bubble for bubble in await ann.phone.chat(ACCOUNT) if bubble["kind"] == "text"]) == 1
    (code,) = (await town.owner("GET", "/scene-codes"))["items"]
    assert code["counts"] == {"scans": 1, "follows": 1}
    assert "stale" in [state for _, state in await callbacks(town)]


async def test_who_unfollows_and_follows_again_is_one_fan_with_one_coupon(town: Town) -> None:
    shop = await open_shop(town)
    ann = await shop.follower("ann")
    (fan,) = (await town.owner("GET", "/fans"))["items"]
    await ann.phone.unfollow(ACCOUNT)
    await town.settle()
    assert (await town.owner("GET", f"/fans/{fan['id']}"))["subscribed"] is False
    assert (await ann("GET", "/me"))["subscribed"] is False
    await town.advance(hours=1)
    await ann.phone.scan(text=shop.code_url)
    await town.settle()
    (again,) = (await town.owner("GET", "/fans"))["items"]
    assert (again["id"], again["subscribed"]) == (fan["id"], True)
    timeline = [line["kind"] for line in (await town.owner("GET", f"/fans/{fan['id']}"))["timeline"]]
    assert (timeline.count("fan.followed"), timeline.count("fan.unfollowed")) == (2, 1)
    assert len(await ann("GET", "/coupons")) == 1
    assert len([bubble for bubble in await ann.phone.chat(ACCOUNT) if bubble["kind"] == "text"]) == 2
