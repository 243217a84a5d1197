"""Registrations go to WeChat by themselves, and those that nobody confirms come to an end."""

from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job
from tongshang.wechat import clients
from tongshang.wechat.registering import requests
from tongshang.wechat.registering.facts import RegistrationAsked
from tongshang.wechat.registering.model import LATE, PATIENCE, Details, State, Way
from tongshang.wechat.vault import tokens
from weixin.client import Client
from weixin.errors import WeixinError
from weixin.products.open import registering
from weixin.products.open.registering import CHECKING, INNER, RUNNING, Company

reactions = Reactions("registering")


@reactions.outside(RegistrationAsked)
async def send_registration(job: Job, fact: RegistrationAsked) -> None:
    """Hand a registration to WeChat; that it is under way already is as good as taken up."""
    async with job.begin() as tx:
        kept = await requests.kept(tx, registration_id=fact.registration_id)
        details = requests.opened(tx, kept)
    page, refused = None, None
    if kept.state is State.ASKED:
        try:
            page = await _as_component(job, kept.component_appid, details, ask=True)
        except WeixinError as error:
            if error.retry:
                raise
            refused = error if error.errcode != RUNNING else None
    async with job.finish() as tx:
        if refused is not None:
            said = {"errcode": refused.errcode, "message": refused.errmsg}
            await requests.end(tx, registration_id=kept.id, appid=None, **said)  # type: ignore[arg-type]
        else:
            await requests.sent(tx, registration_id=kept.id, page=page)


@reactions.outside(RegistrationAsked, after=PATIENCE)
async def end_registration(job: Job, fact: RegistrationAsked) -> None:
    """Ask after a registration of which nothing was heard for a day: its push may be lost."""
    async with job.begin() as tx:
        kept = await requests.kept(tx, registration_id=fact.registration_id)
        details = requests.opened(tx, kept)
    status, errcode, words = LATE, None, ""
    if kept.state is State.WAITING and details.way is Way.COMPANY:
        try:
            await _as_component(job, kept.component_appid, details, ask=False)
            status = 0
        except WeixinError as error:
            if error.retry and error.errcode not in INNER:
                raise
            if error.errcode not in CHECKING:
                errcode, words = error.errcode, error.errmsg
    async with job.finish() as tx:
        await requests.end(
            tx, registration_id=kept.id, appid=None, status=None if errcode else status, errcode=errcode, message=words
        )


async def _as_component(job: Job, component: str, details: Details, *, ask: bool) -> str | None:
    """Ask for a registration, giving the page a person confirms on; or ask how a company's goes."""
    client = clients.client(job.world, job.merchant, component)
    return await tokens.healed(
        lambda token: _ask(client, details, token.value, ask=ask),
        lambda rejected: tokens.of_component(job.world, component, rejected=rejected),
    )


async def _ask(client: Client, details: Details, token: str, *, ask: bool) -> str | None:
    if details.way is Way.PERSON:
        task = await registering.for_person(
            client, token=token, name=details.persona_name, wechat=details.persona_wechat, phone=details.phone
        )
        return task.url
    company = Company(
        details.name, details.code, details.code_type, details.persona_wechat, details.persona_name, details.phone
    )
    call = registering.for_company if ask else registering.state_of_company
    await call(client, company, token=token)
    return None
