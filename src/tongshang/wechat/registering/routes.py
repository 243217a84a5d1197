"""The console's page of mini programs (linked, registered), and the provider's of the domains that they use."""

from uuid import UUID

from litestar import delete, get, put

from tongshang.platform.ids import NIL
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.wechat import accounts, components
from tongshang.wechat.registering import domains, links, requests
from tongshang.wechat.registering.model import Details, Registration
from weixin.products.open.minilinks import Linked

OWNER, PROVIDER = {"role": Role.OWNER}, {"provider": True}


@get("/mini-registrations", operation_id="list_mini_registrations", opt=OWNER)
async def list_registrations(who: Staff) -> list[Registration]:
    """List the mini programs that were registered from here, and how far each is."""
    async with who.tx() as tx:
        return await requests.latest(tx)


@put("/mini-registrations/{registration_id:uuid}", operation_id="put_mini_registration", opt=OWNER, status_code=202)
async def put_registration(who: Staff, registration_id: UUID, data: Details) -> list[Registration]:
    """Have WeChat register a mini program; the person confirms on the phone within 24 hours."""
    async with who.tx() as tx:
        account = await accounts.latest(tx)
    component = account.component_appid if account and account.component_appid else None
    component = component or (await components.current(who.world)).appid
    async with who.tx() as tx:
        await requests.ask(tx, registration_id=registration_id, component=component, details=data)
        return await requests.latest(tx)


@get("/mini-links", operation_id="list_mini_links", opt=OWNER)
async def list_links(who: Staff) -> list[Linked]:
    """List the mini programs that are linked to the account, or wait for an administrator."""
    return await links.listed(who.world, who.merchant)


@put("/mini-links/{appid:str}", operation_id="put_mini_link", opt=OWNER)
async def put_link(who: Staff, appid: str, data: links.Wanted) -> list[Linked]:
    """Ask WeChat to link a mini program; both administrators confirm on their phones."""
    async with who.tx():
        pass  # the audit's line
    return await links.link(who.world, who.merchant, appid=appid, wanted=data)


@delete("/mini-links/{appid:str}", operation_id="drop_mini_link", opt=OWNER, status_code=200)
async def drop_link(who: Staff, appid: str) -> list[Linked]:
    """Undo the link of a mini program."""
    async with who.tx():
        pass  # the audit's line
    return await links.unlink(who.world, who.merchant, appid=appid)


@get("/provider/components/{component:str}/domains", operation_id="get_component_domains", opt=PROVIDER)
async def get_domains(who: Staff, component: str) -> domains.View:
    """Ask WeChat which domains a platform's mini programs may use."""
    return await domains.read(who.world, component)


@put("/provider/components/{component:str}/domains", operation_id="put_component_domains", opt=PROVIDER)
async def put_domains(who: Staff, component: str, data: domains.Asked) -> domains.View:
    """Have WeChat replace the domains of one kind."""
    async with who.tx(NIL):
        pass
    return await domains.change(who.world, component, data)


console = [list_registrations, put_registration, list_links, put_link, drop_link, get_domains, put_domains]
