"""Log-ins under attack, and the ways back: guesses are counted first, codes are good once, links end with their use."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pyotp
import pytest
from argon2 import PasswordHasher

from make.worlds import PASSWORD, Browser, make_staff
from tongshang.app import provider
from tongshang.app.terminal import Stop
from tongshang.platform.clock import ManualClock, SystemClock
from tongshang.platform.ids import NIL
from tongshang.platform.world import World
from tongshang.tenancy import passwords, reactions, staff
from tongshang.tenancy.model import Role

SECRET = pyotp.random_base32()
PARKED = """insert into job (merchant_id, id, kind, data, due_at, created_at, attempts, last_error, parked_at)
values ($1, $2, 'nobody.knows', '{}', $3, $3, 12, 'LookupError', $3)"""

TOLD = "select jsonb_agg(target order by at, id) from audit where merchant_id = $1 and action = $2"


def code(world: World) -> str:
    return pyotp.TOTP(SECRET).at(world.clock.now())


def wrong_code(world: World) -> str:
    return f"{(int(code(world)) + 1) % 1_000_000:06d}"


def later(world: World, **by: float) -> None:
    assert isinstance(world.clock, ManualClock)
    world.clock.advance(timedelta(**by))


async def enter(browser: Browser, login: str, password: str = PASSWORD, totp: str = "") -> tuple[int, str]:
    """Try to log in; gives status and code."""
    body = {"login": login, "password": password, "totp": totp}
    status, answer = await browser("POST", "/api/console/session", body)
    return status, answer.get("code", "")


async def accept(browser: Browser, link: str, password: str) -> int:
    path = f"/api/console/invites/{link.rpartition('/')[2]}"
    return (await browser("POST", path, {"password": password, "name": "换了手机"}))[0]


@pytest.fixture
async def root(world: World) -> UUID:
    """A member of the provider's staff with a second factor."""
    member = await make_staff(world, NIL, login="root", role=Role.PROVIDER)
    async with world.tx(NIL) as tx:
        await staff.set_totp(tx, staff_id=member, secret=SECRET, code=code(world))
    return member


async def test_codes_are_slow_to_guess_though_the_password_is_known(browser: Browser, world: World, root: UUID) -> None:
    for _ in range(3):
        assert await enter(browser, "root") == (401, "login.needs_code")  # no guess, so not counted
    for _ in range(10):
        assert await enter(browser, "root", totp=wrong_code(world)) == (401, "login.wrong_code")
    assert await enter(browser, "root", totp=code(world)) == (429, "rate_limited")
    later(world, minutes=16)
    assert (await enter(browser, "root", totp=code(world)))[0] == 200


async def test_a_code_is_good_once(browser: Browser, world: World, root: UUID) -> None:
    seen = code(world)
    assert (await enter(browser, "root", totp=seen))[0] == 200
    assert await enter(browser, "root", totp=seen) == (401, "login.wrong_code")
    later(world, seconds=30)
    assert await enter(browser, "root", totp=seen) == (401, "login.wrong_code")
    assert (await enter(browser, "root", totp=code(world)))[0] == 200


async def test_a_burst_of_guesses_is_held_up_like_a_queue(browser: Browser, merchant: UUID) -> None:
    outcomes = await asyncio.gather(*(enter(browser, "owner@tea", "a guess") for _ in range(25)))
    assert Counter(outcomes) == {(401, "login.wrong"): 10, (429, "rate_limited"): 15}


async def test_who_is_not_there_is_compared_with_as_much_work(
    browser: Browser, merchant: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    work: list[str] = []

    class Counted(PasswordHasher):
        def hash(self, password: Any, **more: Any) -> str:
            work.append("hash")
            return super().hash(password, **more)

        def verify(self, hash: Any, password: Any) -> Any:
            work.append("verify")
            return super().verify(hash, password)

    await enter(browser, "nobody@nowhere", "a guess")
    monkeypatch.setattr(passwords, "HASHER", Counted())
    for login in ("owner@tea", "nobody@nowhere"):
        work.clear()
        assert await enter(browser, login, "a guess") == (401, "login.wrong")
        assert work == ["verify"], login


async def test_a_second_factor_is_not_replaced_by_whoever_holds_the_session(
    browser: Browser, world: World, root: UUID
) -> None:
    assert (await enter(browser, "root", totp=code(world)))[0] == 200
    other = pyotp.random_base32()
    body = {"secret": other, "code": pyotp.TOTP(other).at(world.clock.now())}
    status, answer = await browser("PUT", "/api/console/me/totp", body)
    assert (status, answer["code"]) == (409, "totp.on")


async def test_a_wrong_current_password_ends_no_session_and_is_slow_to_guess(owner: Browser) -> None:
    change = {"old": "a guess", "new": "another password of mine"}
    for _ in range(10):
        status, answer = await owner("PUT", "/api/console/me/password", change)
        assert (status, answer["code"]) == (403, "password.wrong")
    status, answer = await owner("PUT", "/api/console/me/password", change | {"old": PASSWORD})
    assert (status, answer["code"]) == (429, "rate_limited")
    assert (await owner("GET", "/api/console/me"))[0] == 200


async def test_nobody_changes_who_stands_above_him(owner: Browser, world: World, merchant: UUID) -> None:
    await make_staff(world, merchant, login="second@tea", role=Role.OWNER)
    await make_staff(world, merchant, login="boss@tea", role=Role.MANAGER)
    _, people = await owner("GET", "/api/console/staff")
    boss = Browser(owner.url)
    try:
        await boss.log_in("boss@tea")
        asked = {"login": people[0]["login"], "name": "小工", "role": "clerk"}
        assert (await boss("PUT", f"/api/console/staff/{people[0]['id']}", asked))[0] == 403
        assert (await boss("PUT", f"/api/console/staff/{people[0]['id']}/reset"))[0] == 403
        renamed = {"login": "other@tea", "name": "二", "role": "owner"}
        status, answer = await owner("PUT", f"/api/console/staff/{people[1]['id']}", renamed)
        assert (status, answer["code"]) == (409, "idempotency.mismatch")  # not silently left as it was
    finally:
        await boss.close()


async def test_two_owners_cannot_each_remove_the_other(owner: Browser, world: World, merchant: UUID) -> None:
    for _ in range(3):
        second = await make_staff(world, merchant, login="second@tea", role=Role.OWNER)  # the name is free again
        _, people = await owner("GET", "/api/console/staff")
        first = next(UUID(one["id"]) for one in people if UUID(one["id"]) != second)

        async def remove(who: UUID) -> None:
            async with world.tx(merchant) as tx:
                await staff.remove(tx, staff_id=who)

        ends = await asyncio.gather(remove(first), remove(second), return_exceptions=True)
        assert [type(end) for end in ends if end is not None] == [staff.LastOwner], ends
        async with world.tx(merchant) as tx:
            assert [one.role for one in await staff.listed(tx)] == [Role.OWNER]
        if ends[0] is None:
            break  # the owner's browser is logged out now


async def test_a_reset_link_opens_a_new_beginning_and_closes_everything_before(owner: Browser, world: World) -> None:
    member = uuid4()
    asked = {"login": "xiaoli", "name": "小李", "role": "clerk"}
    links = [(await owner("PUT", f"/api/console/staff/{member}", asked))[1]["invite_url"] for _ in range(2)]
    phone, thief, fresh = (Browser(owner.url) for _ in range(3))
    try:
        assert await accept(thief, links[0], "stolen old link") == 410  # the second link ended it
        assert await accept(phone, links[1], PASSWORD) == 200
        offer = (await phone("GET", "/api/console/me/totp"))[1]["secret"]
        body = {"secret": offer, "code": pyotp.TOTP(offer).at(world.clock.now())}
        assert (await phone("PUT", "/api/console/me/totp", body))[0] == 204

        status, made = await owner("PUT", f"/api/console/staff/{member}/reset")
        assert status == 200
        assert (await phone("GET", "/api/console/me"))[0] == 200  # until it is used, nothing changes
        assert await accept(fresh, made["invite_url"], "a fresh password") == 200
        assert (await phone("GET", "/api/console/me"))[0] == 401
        assert (await enter(phone, "xiaoli"))[0] == 401
        assert (await enter(phone, "xiaoli", "a fresh password"))[0] == 200  # and no code is asked for
        assert await accept(thief, made["invite_url"], "stolen old link") == 410
    finally:
        for one in (phone, thief, fresh):
            await one.close()


async def test_the_provider_helps_an_owner_and_a_job_that_nobody_else_can(
    browser: Browser, world: World, merchant: UUID, root: UUID
) -> None:
    assert (await enter(browser, "root", totp=code(world)))[0] == 200
    status, made = await browser("PUT", f"/api/console/merchants/{merchant}/owner-reset")
    assert (status, made["login"]) == (200, "owner@tea")
    owner = Browser(browser.url)
    try:
        assert await accept(owner, made["invite_url"], "a fresh password") == 200
        _, page = await owner("GET", "/api/console/audit?action=reset_owner")
        assert [entry["staff_name"] for entry in page["items"]] == ["root"]
    finally:
        await owner.close()
    for whose in (merchant, NIL):
        job = uuid4()
        async with world.tx(whose) as tx:
            await tx.run(PARKED, whose, job, tx.now)
        retry = f"/api/console/provider/jobs/{whose}/{job}/retry"
        assert [(await browser("POST", retry))[0] for _ in range(2)] == [204, 404]


async def test_devices_are_listed_and_logged_out_one_by_one(owner: Browser, merchant: UUID) -> None:
    others = [Browser(owner.url) for _ in range(3)]
    try:
        for one in others:
            await one.log_in("owner@tea")
        _, known = await owner("GET", "/api/console/me/sessions")
        assert [one["current"] for one in known] == [False, False, False, True]
        assert (await owner("DELETE", f"/api/console/me/sessions/{known[0]['id']}"))[0] == 204
        assert (await owner("DELETE", f"/api/console/me/sessions/{known[0]['id']}"))[0] == 404
        assert [(await one("GET", "/api/console/me"))[0] for one in others] == [200, 200, 401]
        assert (await owner("DELETE", "/api/console/me/sessions"))[0] == 204
        assert [(await one("GET", "/api/console/me"))[0] for one in others] == [401, 401, 401]
        assert [one["current"] for one in (await owner("GET", "/api/console/me/sessions"))[1]] == [True]
    finally:
        for one in others:
            await one.close()


async def test_a_log_in_is_in_the_audit_with_its_request(browser: Browser, merchant: UUID) -> None:
    body = {"login": "owner@tea", "password": PASSWORD}
    headers = {"x-requested-with": "tongshang"}
    async with browser.session.post(f"{browser.url}/api/console/session", json=body, headers=headers) as answer:
        request = answer.headers["x-request-id"]
    _, page = await browser("GET", "/api/console/audit?action=log_in")
    assert [entry["request"] for entry in page["items"]] == [request]


async def test_what_strangers_guessed_is_forgotten(browser: Browser, world: World, merchant: UUID) -> None:
    await enter(browser, "nobody@nowhere", "a guess")
    (duty,) = [one for one in world.registry.duties if one.run is reactions.forget_guesses]
    for minutes, left in ((1, 2), (16, 0)):
        later(world, minutes=minutes)
        await duty.run(world, world.clock.now())
        async with world.system_tx() as tx:
            assert await tx.value("select count(*) from login_throttle") == left


async def commanded(world: World, login: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Run the operator's command as he does, in a loop of its own; gives the link it prints."""
    await asyncio.to_thread(provider.main, world.settings, login=login, name="管理员")
    return capsys.readouterr().out.split()[-1]


async def test_the_operators_command_leads_the_provider_back_in(
    world: World, url: str, merchant: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    assert isinstance(world.clock, ManualClock)
    world.clock.set(SystemClock().now())  # the command knows no other time
    root = await make_staff(world, NIL, login="root", role=Role.PROVIDER)
    async with world.tx(NIL) as tx:
        await staff.set_totp(tx, staff_id=root, secret=SECRET, code=code(world))
    lost, found, thief = Browser(url), Browser(url), Browser(url)
    try:
        later(world, seconds=60)
        assert (await enter(lost, "root", totp=code(world)))[0] == 200
        links = [await commanded(world, "root", capsys) for _ in range(2)]
        assert all(link.startswith(f"{world.settings.console_url}/console/invites/") for link in links)
        assert (await lost("GET", "/api/console/me"))[0] == 200  # until the link is opened all stays as it is
        assert await enter(thief, "root") == (401, "login.needs_code")
        assert await accept(thief, links[0], "stolen old link") == 410  # the second link ended it
        assert await accept(found, links[1], "a password of today") == 200
        assert (await lost("GET", "/api/console/me"))[0] == 401  # whoever has the old session is out
        assert await accept(thief, links[1], "stolen old link") == 410
        assert await enter(lost, "root", totp=code(world)) == (401, "login.wrong")  # the old password
        later(world, seconds=60)
        assert (await enter(lost, "root", "a password of today"))[0] == 200  # the lost phone is asked for no more
    finally:
        for one in (lost, found, thief):
            await one.close()
    async with world.tx(NIL) as tx:
        told = await tx.value(TOLD, NIL, "invite_provider")
    assert told == [{"login": "root"}] * 2
    with pytest.raises(Stop):  # a merchant's own log-in is no way to the provider's place
        await commanded(world, "owner@tea", capsys)
