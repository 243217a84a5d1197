"""The console's page of quick registrations, and the provider's of the domains that mini programs use."""

from uuid import UUID

from litestar import get, put

from tongshang.platform.ids import NIL
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.wechat import accounts, components
from tongshang.wechat.registering import domains, requests
from tongshang.wechat.registering.model import Details, Registration

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


console = [list_registrations, put_registration, get_domains, put_domains]
