"""One-time subscriptions over HTTP: what the store may offer, the way to WeChat's page and back, a fan's answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.response import Redirect

from tongshang.fans import people
from tongshang.fans.access import Shopper
from tongshang.fans.login import UnknownLogin, safe_next
from tongshang.messages.notices import consents, once, plans
from tongshang.messages.notices.model import TITLES, Channel, Occasion
from tongshang.platform.web import AnyRequest, world_of
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.wechat import pages

GONE_ON = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


class Offer(msgspec.Struct):
    """How a buyer may ask to be told: by WeChat's page, by an open tag of templates; `waiting`: asked already."""

    once: bool
    templates: list[str]
    waiting: bool


class AskAsked(msgspec.Struct, forbid_unknown_fields=True):
    """What to be told of, about what, and the page to come back to."""

    occasion: Occasion
    subject_id: UUID
    next: str


class AskMade(msgspec.Struct):
    """WeChat's page."""

    url: str


class YesView(msgspec.Struct):
    """What a person answered to one message."""

    template_id: str
    zh: str
    en: str
    answer: str
    at: datetime
    used_at: datetime | None


@get("/notice-offers/{occasion:str}", operation_id="get_notice_offer")
async def get_notice_offer(who: Shopper, occasion: Occasion) -> Offer:
    """Say how the visitor may ask to be told of an occasion."""
    async with who.tx() as tx:
        plan = await once.plan_of(tx, occasion)
        found = await plans.of(tx, occasion=occasion)
        open_tag = [one.template_id for one in found if one.channel is Channel.SUBSCRIPTION and one.enabled]
        waiting = plan is not None and await once.waiting(tx, fan_id=who.fan, plan=plan)
        waiting = waiting or await consents.waiting(tx, fan_id=who.fan, templates=open_tag)
    return Offer(plan is not None, open_tag, waiting)


@post("/notice-asks", operation_id="post_notice_ask", status_code=200)
async def post_notice_ask(who: Shopper, data: AskAsked) -> AskMade:
    """Ask to be told once; gives WeChat's page, where the visitor says yes or no."""
    async with who.tx() as tx:
        page = safe_next(who.shop, data.next)
        url = await once.ask(tx, fan_id=who.fan, occasion=data.occasion, subject=data.subject_id, next_page=page)
    return AskMade(url)


@get(once.PATH, operation_id="subscribe_callback", include_in_schema=False)
async def subscribe_callback(request: AnyRequest) -> Response[Any]:
    """Take a visitor back from WeChat's page with what they answered."""
    said = {name: request.query_params.get(name, "") for name in ("reserved", "openid", "template_id", "action")}
    try:
        page = await once.come_back(world_of(request), **said)
    except (once.UnknownAsk, UnknownLogin):
        refusal = once.UnknownAsk()
        return pages.page(403, "订阅请求已失效", refusal.sentence("zh"), refusal.sentence("en"))
    return Redirect(page, headers=GONE_ON)


@get("/fans/{fan_id:uuid}/once-consents", operation_id="list_once_consents", opt={"role": Role.CLERK})
async def list_once_consents(who: Staff, fan_id: UUID) -> list[YesView]:
    """List what a person answered to one-time messages."""
    async with who.tx() as tx:
        await people.get(tx, fan_id=fan_id)
        found = await once.of_fan(tx, fan_id=fan_id)
    return [YesView(one.template_id, *TITLES[one.occasion], one.answer, one.at, one.used_at) for one in found]


console = [list_once_consents]
store = [get_notice_offer, post_notice_ask]
public = [subscribe_callback]
