"""Notices over HTTP: templates, plans, trials, and what people agreed to."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import delete, get, post, put

from tongshang.messages.notices import consents, industries, once_routes, plans, rules, telling, templates
from tongshang.messages.notices.consents import Consent
from tongshang.messages.notices.industries import Industries
from tongshang.messages.notices.model import SAID, TITLES, Channel, Occasion, Plan, examples, fill
from tongshang.messages.notices.rules import ReminderRules
from tongshang.platform.errors import Invalid
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.wechat import calls
from weixin.products.mp import subscriptions
from weixin.products.mp.subscriptions import Category, Keyword, Title

MANAGER, CLERK = {"role": Role.MANAGER}, {"role": Role.CLERK}


class TemplateView(msgspec.Struct):
    """A template; `people` agree to it (subscription notices), and `remaining` may still be sent."""

    template_id: str
    channel: Channel
    title: str
    content: str
    example: str
    long: bool
    fields: list[str]
    seen_at: datetime
    people: int
    remaining: int


class FieldView(msgspec.Struct):
    """Something of ours that a template's field can say."""

    name: str
    zh: str
    en: str
    example: str


class OccasionView(msgspec.Struct):
    """An occasion, what can be said on it, and its plans."""

    occasion: Occasion
    zh: str
    en: str
    fields: list[FieldView]
    plans: list[Plan]


class Notices(msgspec.Struct):
    """Everything about notices."""

    templates: list[TemplateView]
    occasions: list[OccasionView]


class SyncView(msgspec.Struct):
    """With which errcode WeChat refused a list; 0: it was read."""

    template: int
    subscription: int


class TakeAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A template to take: `short_id` of template messages, or `tid` with fields of subscription notices."""

    short_id: str = ""
    keywords: list[str] = []
    tid: int = 0
    kids: list[int] = []
    scene: str = ""


class Taken(msgspec.Struct):
    """The id of a template that was taken."""

    template_id: str


class PlanAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A plan: a template, and for each field a name of ours, or `=` and the merchant's own words."""

    template_id: str = ""
    fields: dict[str, str] = {}
    enabled: bool = True


class PlanView(msgspec.Struct):
    """A plan, and what its fields would say."""

    plan: Plan
    preview: dict[str, str]


class TrialAsked(msgspec.Struct, forbid_unknown_fields=True):
    """To whom an example is sent."""

    fan_id: UUID


class IndustryAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Two industries by WeChat's numbers."""

    first: str
    second: str


class TitlesView(msgspec.Struct):
    """Some templates of WeChat's library, and how many there are."""

    items: list[Title]
    count: int


@get("/notices", operation_id="get_notices", opt=CLERK)
async def get_notices(who: Staff) -> Notices:
    """Show templates, occasions and plans."""
    async with who.tx() as tx:
        known, agreed, all_plans = await templates.listed(tx), await consents.tally(tx), await plans.listed(tx)
    shown = []
    for one in known:
        tally = agreed.get(one.template_id)
        counts = (tally.people, tally.remaining) if tally else (0, 0)
        shown.append(TemplateView(one.template_id, one.channel, one.title, one.content, one.example, one.long,
                                  one.fields, one.seen_at, *counts))  # fmt: skip
    occasions = [
        OccasionView(
            occasion, *TITLES[occasion], [FieldView(*field) for field in SAID[occasion]],
            [plan for plan in all_plans if plan.occasion is occasion],
        )
        for occasion in Occasion
    ]  # fmt: skip
    return Notices(shown, occasions)


@post("/notices/templates/sync", operation_id="sync_templates", opt=MANAGER, status_code=200)
async def sync_templates(who: Staff) -> SyncView:
    """Read the templates from WeChat."""
    async with who.tx():
        pass  # audited before anything is asked of WeChat
    said = await templates.sync(who.world, who.merchant)
    return SyncView(said[Channel.TEMPLATE], said[Channel.SUBSCRIPTION])


@post("/notices/templates", operation_id="take_template", opt=MANAGER, status_code=201)
async def take_template(who: Staff, data: TakeAsked) -> Taken:
    """Take a template of WeChat's library."""
    if bool(data.short_id.strip()) == bool(data.tid):
        raise Invalid(field="short_id", problem="short_id or tid, not both", zh="模板编号和模板 ID 须且只须填写一项")
    async with who.tx():
        pass
    if data.tid:
        made = await templates.take_notice(
            who.world, who.merchant, tid=data.tid, kids=data.kids, scene=data.scene.strip()
        )
    else:
        made = await templates.take(who.world, who.merchant, short_id=data.short_id.strip(), keywords=data.keywords)
    return Taken(made)


@delete("/notices/templates/{template_id:str}", operation_id="drop_template", opt=MANAGER, status_code=204)
async def drop_template(who: Staff, template_id: str) -> None:
    """Drop a template; its plans are off."""
    async with who.tx() as tx:
        await templates.get(tx, template_id=template_id)
    await templates.drop(who.world, who.merchant, template_id=template_id)


@get("/notices/library", operation_id="get_notice_categories", opt=MANAGER)
async def get_notice_categories(who: Staff) -> list[Category]:
    """List the account's categories of subscription notices."""
    return await calls.ask(who.world, who.merchant, lambda client, token: subscriptions.categories(client, token=token))


@get("/notices/library/{category:int}", operation_id="list_notice_titles", opt=MANAGER)
async def list_notice_titles(who: Staff, category: int, start: int = 0) -> TitlesView:
    """List the library's templates of a category, 30 at a time."""
    found = await calls.ask(
        who.world, who.merchant,
        lambda client, token: subscriptions.titles(client, token=token, categories=[category], start=max(0, start)),
    )  # fmt: skip
    return TitlesView(*found)


@get("/notices/library/{category:int}/{tid:int}", operation_id="list_notice_keywords", opt=MANAGER)
async def list_notice_keywords(who: Staff, category: int, tid: int) -> list[Keyword]:
    """List the fields a template of the library may have."""
    return await calls.ask(
        who.world, who.merchant, lambda client, token: subscriptions.keywords(client, token=token, tid=tid)
    )


@get("/notices/industry", operation_id="get_industry", opt=MANAGER)
async def get_industry(who: Staff) -> Industries:
    """Show the account's industries, and when they may be changed."""
    return await industries.look(who.world, who.merchant)


@put("/notices/industry", operation_id="put_industry", opt=MANAGER, status_code=204)
async def put_industry(who: Staff, data: IndustryAsked) -> None:
    """Set the account's industries, once a month."""
    async with who.tx():
        pass
    await industries.put(who.world, who.merchant, first=data.first, second=data.second)


@put("/notices/plans/{occasion:str}/{channel:str}", operation_id="put_notice_plan", opt=MANAGER)
async def put_notice_plan(who: Staff, occasion: Occasion, channel: Channel, data: PlanAsked) -> PlanView:
    """Say by which template an occasion is told, and what its fields say."""
    async with who.tx() as tx:
        plan = await plans.put(
            tx, occasion=occasion, channel=channel, template_id=data.template_id, fields=data.fields,
            enabled=data.enabled,
        )  # fmt: skip
    return PlanView(plan, fill(plan, examples(occasion)))


@put(
    "/notices/plans/{occasion:str}/{channel:str}/trials/{trial_id:uuid}", operation_id="try_notice", opt=MANAGER,
    status_code=202,
)  # fmt: skip
async def try_notice(who: Staff, occasion: Occasion, channel: Channel, trial_id: UUID, data: TrialAsked) -> None:
    """Send an example to one person, by this way alone."""
    async with who.tx() as tx:
        await telling.trial(tx, occasion=occasion, channel=channel, trial_id=trial_id, fan_id=data.fan_id)


@get("/notices/reminders", operation_id="get_reminder_rules", opt=CLERK)
async def get_reminder_rules(who: Staff) -> ReminderRules:
    """Show when people are reminded, and when they are left in peace."""
    async with who.tx() as tx:
        return await rules.get(tx)


@put("/notices/reminders", operation_id="put_reminder_rules", opt=MANAGER)
async def put_reminder_rules(who: Staff, data: ReminderRules) -> ReminderRules:
    """Say when people are reminded."""
    async with who.tx() as tx:
        await rules.put(tx, rules=data)
    return data


@get("/fans/{fan_id:uuid}/consents", operation_id="list_notice_consents", opt=CLERK)
async def list_notice_consents(who: Staff, fan_id: UUID) -> list[Consent]:
    """List what a person answered to notices."""
    async with who.tx() as tx:
        return await consents.of_fan(tx, fan_id=fan_id)


console = [
    get_notices, sync_templates, take_template, drop_template, get_notice_categories, list_notice_titles,
    list_notice_keywords, get_industry, put_industry, put_notice_plan, try_notice, get_reminder_rules,
    put_reminder_rules, list_notice_consents,
    *once_routes.console,
]  # fmt: skip
