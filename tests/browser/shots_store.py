"""Pictures of the store: a regular customer's, a newcomer's, and those without a server; and of the phone around it."""

import json
from typing import Any

from playwright.async_api import Page, Route

from browser.shots_pages import STORE, STORE_EMPTY, Shot
from browser.shots_stage import FRESH, Stage
from browser.shots_studio import LANGUAGES, Studio, down
from wxsandbox.client import Phone, Sandbox

REGULAR, NEWCOMER = "fan003", "newcomer"
LINE = "00000000-0000-7000-8000-00000000001e"
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50"


async def ticket_of(phone: Phone, stage: Stage) -> str:
    """Log somebody in through WeChat; gives the one-time ticket that the browser comes back with."""
    page = await phone.open(f"http://localhost:{stage.port}/s/tea/login")
    return page.url.partition("login_ticket=")[2].partition("#")[0]


async def store(studio: Studio, language: str, width: int) -> None:
    """Every page of the store, for one language and width."""
    stage = studio.stage
    async with Sandbox(f"http://localhost:{stage.box_port}") as sandbox:
        await (await sandbox.person(NEWCOMER, nickname="新朋友")).close()
        for person, state in ((REGULAR, "loaded"), (NEWCOMER, "empty"), (REGULAR, "error")):
            phone = Phone(sandbox, person)
            try:
                ids = await things(phone, stage) if state == "loaded" else stage.ids
                await pages_of(studio, language, width, state, person, await ticket_of(phone, stage), ids)
            finally:
                await phone.close()
        if width < 1000:
            await phone_pages(studio, language)


async def things(phone: Phone, stage: Stage) -> dict[str, str]:
    """Put two things into the regular's cart, and find an order to show."""
    api = f"http://localhost:{stage.port}/api/store/tea"

    async def ask(method: str, path: str, body: Any = None) -> Any:
        page = await phone.request(method, api + path, json=body, headers=session)
        assert page.status < 300, (method, path, page.text[:300])
        return page.json() if page.body else None

    session: dict[str, str] = {}
    made = await ask("POST", "/sessions", {"ticket": await ticket_of(phone, stage)})
    session = {"authorization": f"Bearer {made['token']}"}
    listed = (await ask("GET", "/products"))["items"]
    variants = [(await ask("GET", f"/products/{one['id']}"))["variants"][-1]["id"] for one in listed[:3]]
    for n, variant in enumerate(variants):
        await ask("PUT", f"/cart/lines/{variant}", {"quantity": n % 2 + 1, "selected": n < 2})
    orders = (await ask("GET", "/orders?limit=50"))["items"]
    paid = [one for one in orders if one["state"] not in ("unpaid", "closed")] or orders
    done = [one for one in orders if one["state"] == "completed"] or paid
    cases = (await ask("GET", "/after-sales"))["items"]
    sent = [one["id"] for one in orders if one["state"] == "shipped" and one["delivery"] == "express"]
    whole = [await ask("GET", f"/orders/{one}") for one in sent]
    tracked = [one["id"] for one in whole if any(parcel.get("track") for parcel in one.get("shipments") or ())]
    return {
        **stage.ids, "variant": variants[0], "order": paid[0]["id"], "reviewed": done[0]["id"], "line": LINE,
        "presold": next(one["id"] for one in orders if one["state"] == "deposit"),
        "local": next(one["id"] for one in orders if one["delivery"] == "local"),
        "refunded": next((one["id"] for one in orders if one["refund"] != "none"), paid[0]["id"]),
        "case": cases[0]["id"] if cases else "", "tracked": (tracked or sent)[0],
        "invoiced": next(one["id"] for one in orders if one["delivery"] == "none"),
    }  # fmt: skip


async def pages_of(
    studio: Studio, language: str, width: int, state: str, person: str, ticket: str, ids: dict[str, str]
) -> None:
    """Take the store's pages as one person sees them."""
    stage = studio.stage
    agent = f"{WECHAT} Language/{LANGUAGES[language].replace('-', '_')}"
    async with studio.window(language, width, user_agent=agent, has_touch=width < 1000) as context:
        page = await context.new_page()
        await page.goto(f"{stage.store(person)}?login_ticket={ticket}#/")
        await page.wait_for_timeout(1200)
        if state == "error":
            await page.route("**/api/store/**", down)
        for name in STORE_EMPTY if state == "empty" else STORE:
            shop = FRESH["slug"] if state == "empty" and name in ("index", "category", "search") else "tea"
            order = ids.get("order", "")
            spare = {"variant": "", "line": LINE, "refunded": order, "reviewed": order, "invoiced": order}
            address = STORE[name].format(**spare | ids)
            if name == "waiting":
                await stand_in_line(page)
            # Each page from scratch: between two addresses with other words behind # nothing would be loaded.
            await page.goto("about:blank")
            url = f"{stage.store(person, shop)}#/{f'pages/{address}' if address else ''}"
            await studio.take(page, url, Shot(language, width, f"store-{name}", state))


async def stand_in_line(page: Page) -> None:
    """Have this browser stand in the line before a hot sale, and the server say that it still does."""
    turn = {"ahead": 128, "seconds": 45, "again_seconds": 60, "ticket": "t"}
    waiting = {"id": LINE, "ask": {}, "turn": turn, "first": 260, "asked": 0}
    kept = json.dumps(json.dumps({"type": "object", "data": waiting}))
    await page.add_init_script(f"try {{ localStorage.setItem('ts.tea.waiting', {kept}) }} catch {{}}")
    said = json.dumps({"code": "order.queue", "status": 429, "title": "", "queue": turn})

    async def still(route: Route) -> None:
        await route.fulfill(status=429, content_type="application/problem+json", body=said)

    await page.route(f"**/orders/{LINE}", still)


async def phone_pages(studio: Studio, language: str) -> None:
    """Take the simulator's phone: its chats, and a conversation with the shop."""
    stage = studio.stage
    async with studio.window(language, 390, has_touch=True) as context:
        page = await context.new_page()
        url = f"http://{REGULAR}.localhost:{stage.box_port}/phone"
        await studio.take(page, url, Shot(language, 390, "phone"))
