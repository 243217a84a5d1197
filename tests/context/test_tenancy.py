"""Tenancy: log-ins, invitations, roles, and that a stranger sees nothing."""

from uuid import uuid4

import pyotp

from make.worlds import PASSWORD, Browser, make_merchant, make_staff
from tongshang.platform.ids import NIL
from tongshang.platform.world import World
from tongshang.tenancy import staff
from tongshang.tenancy.model import Role

INVITE = {"login": "xiao.li", "name": "小李", "role": "clerk"}


async def test_an_owner_logs_in_and_out(owner: Browser) -> None:
    status, me = await owner("GET", "/api/console/me")
    assert (status, me["merchant"]["slug"], me["staff"]["role"]) == (200, "tea", "owner")
    assert (await owner("DELETE", "/api/console/session"))[0] == 204
    assert (await owner("GET", "/api/console/me"))[0] == 401


async def test_a_wrong_password_is_refused_in_the_readers_language(browser: Browser, merchant: object) -> None:
    body = {"login": "owner@tea", "password": "wrong"}
    status, answer = await browser("POST", "/api/console/session", body)
    assert (status, answer["code"], answer["title"]) == (401, "login.wrong", "登录名或密码不正确。")
    _, answer = await browser("POST", "/api/console/session", body, headers={"accept-language": "en-GB"})
    assert answer["title"] == "The log-in name or the password is wrong."


async def test_guessing_is_slowed_down(browser: Browser, merchant: object) -> None:
    for _ in range(10):
        await browser("POST", "/api/console/session", {"login": "owner@tea", "password": "wrong"})
    status, answer = await browser("POST", "/api/console/session", {"login": "owner@tea", "password": PASSWORD})
    assert (status, answer["code"]) == (429, "rate_limited")


async def test_another_site_cannot_write(owner: Browser) -> None:
    staff_id = uuid4()
    foreign = {"origin": "http://evil.example"}
    status, answer = await owner("PUT", f"/api/console/staff/{staff_id}", INVITE, headers=foreign)
    assert (status, answer["code"]) == (403, "csrf.refused")
    async with owner.session.put(f"{owner.url}/api/console/staff/{staff_id}", json=INVITE) as answer:
        assert answer.status == 403  # without our own header


async def test_an_invited_clerk_chooses_a_password_and_cannot_manage(owner: Browser) -> None:
    staff_id = uuid4()
    status, invited = await owner("PUT", f"/api/console/staff/{staff_id}", INVITE)
    assert status == 200
    token = invited["invite_url"].rsplit("/", 1)[1]
    clerk = Browser(owner.url)
    try:
        assert (await clerk("POST", f"/api/console/invites/{token}", {"password": "short"}))[0] == 400
        assert (await clerk("POST", f"/api/console/invites/{token}", {"password": PASSWORD}))[0] == 200
        assert (await clerk("GET", "/api/console/me"))[1]["staff"]["name"] == "小李"
        assert (await clerk("GET", "/api/console/staff"))[0] == 403
        status, answer = await clerk("POST", f"/api/console/invites/{token}", {"password": PASSWORD})
        assert (status, answer["code"]) == (410, "invite.spent")
        assert (await owner("DELETE", f"/api/console/staff/{staff_id}"))[0] == 204
        assert (await clerk("GET", "/api/console/me"))[0] == 401
    finally:
        await clerk.close()


async def test_the_last_owner_stays(owner: Browser) -> None:
    _, people = await owner("GET", "/api/console/staff")
    status, answer = await owner("DELETE", f"/api/console/staff/{people[0]['id']}")
    assert (status, answer["code"]) == (409, "staff.last_owner")


async def test_every_write_is_audited_in_its_own_transaction(owner: Browser) -> None:
    staff_id = uuid4()
    await owner("PUT", f"/api/console/staff/{staff_id}", INVITE)
    status, taken = await owner("PUT", f"/api/console/staff/{uuid4()}", INVITE)
    assert (status, taken["code"]) == (409, "staff.login_taken")  # refused, and so not audited
    _, page = await owner("GET", "/api/console/audit?action=put_staff")
    assert [entry["target"] for entry in page["items"]] == [{"staff_id": str(staff_id)}]


async def test_a_provider_needs_a_second_factor_and_then_takes_merchants_on(browser: Browser, world: World) -> None:
    await make_staff(world, NIL, login="root@provider", role=Role.PROVIDER)
    await browser.log_in("root@provider")
    status, answer = await browser("GET", "/api/console/merchants")
    assert (status, answer["code"]) == (403, "totp.required")
    _, offer = await browser("GET", "/api/console/me/totp")
    now = pyotp.TOTP(offer["secret"]).at(world.clock.now())
    confirm = {"secret": offer["secret"], "code": now}
    assert (await browser("PUT", "/api/console/me/totp", confirm))[0] == 204
    asked = {"name": "老王面馆", "slug": "noodles", "owner_login": "wang", "owner_name": "老王"}
    merchant_id = uuid4()
    status, made = await browser("PUT", f"/api/console/merchants/{merchant_id}", asked)
    assert (status, made["merchant"]["slug"]) == (200, "noodles")
    status, again = await browser("PUT", f"/api/console/merchants/{uuid4()}", {**asked, "owner_login": "wang2"})
    assert (status, again["code"]) == (409, "merchant.slug_taken")
    assert (await browser("PUT", f"/api/console/merchants/{merchant_id}/suspension"))[0] == 204
    _, page = await browser("GET", "/api/console/merchants")
    assert [(m["slug"], m["state"]) for m in page["items"]] == [("noodles", "suspended")]
    status, answer = await browser("POST", "/api/console/session", {"login": "root@provider", "password": PASSWORD})
    assert (status, answer["code"]) == (401, "login.needs_code")


async def test_two_merchants_do_not_see_each_other(owner: Browser, world: World) -> None:
    other = await make_merchant(world, slug="dining", name="老王面馆")
    async with world.tx(other) as tx:
        stranger = (await staff.listed(tx))[0].id
    _, people = await owner("GET", "/api/console/staff")
    assert [p["login"] for p in people] == ["owner@tea"]
    assert (await owner("DELETE", f"/api/console/staff/{stranger}"))[0] == 404
    async with world.tx(other) as tx:
        assert len(await staff.listed(tx)) == 1
