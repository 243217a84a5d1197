"""Callback addresses: whose keys verify what arrives for an AppID. Parsed once per process."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tongshang.platform.errors import NotFound
from tongshang.platform.ids import NIL
from tongshang.platform.world import World
from tongshang.wechat import accounts, components
from weixin.crypto import MessageCrypt

# Plain words are believed for their token alone, so an old one is not believed for ever.
PLAIN_OVERLAP = timedelta(days=1)
WHERE = "select appid, merchant_id, component_appid, active from account_directory where appid = $1"


@dataclass(frozen=True, slots=True)
class Address:
    """One callback address: the keys, and the journal that forgeries are written to."""

    merchant: UUID
    appid: str
    token: str = field(repr=False)
    crypt: MessageCrypt
    # An own account that chose plain mode: what is not encrypted is taken too, by its signature alone.
    plain: bool = False
    # Good for what WeChat still signs with it, while a new one is being entered there.
    previous_token: str | None = field(default=None, repr=False)
    previous_token_until: datetime | None = None

    def tokens(self, now: datetime) -> list[str]:
        """List the tokens in force, the newest first."""
        over = self.previous_token_until is not None and now >= self.previous_token_until
        return [self.token] if self.previous_token is None or over else [self.token, self.previous_token]


@dataclass(frozen=True)
class Line:
    """A line of the account directory."""

    appid: str
    merchant_id: UUID
    component_appid: str | None
    active: bool


async def of_account(world: World, appid: str, *, component: str | None = None, fresh: bool = False) -> Address:
    """Find the keys of an account's messages, or raise NotFound without a hint; `fresh` reads them again.

    `component`: whose address the message came to; by default the account's own.
    """
    known: dict[tuple[str, str | None], Address] = world.shelf.setdefault("wechat.accounts", {})
    if not fresh and (found := known.get((appid, component))):
        return found
    async with world.system_tx() as tx:
        line = await tx.first(Line, WHERE, appid)
    if line is None:
        raise NotFound
    if (through := component or line.component_appid) is not None:
        shared = await of_component(world, through, fresh=fresh)
        address = Address(line.merchant_id, appid, shared.token, shared.crypt, False, shared.previous_token)
    else:
        async with world.tx(line.merchant_id) as tx:
            keys = await accounts.own_keys(tx, appid=appid)
        if keys is None:
            raise NotFound
        crypt = MessageCrypt(keys.token, keys.aes_key, appid, keys.previous_aes_key, keys.previous_token)
        plain = keys.mode == "plain"
        until = keys.token_changed_at + PLAIN_OVERLAP if plain and keys.token_changed_at else None
        address = Address(line.merchant_id, appid, keys.token, crypt, plain, keys.previous_token, until)
    known[appid, component] = address
    return address


async def of_component(world: World, appid: str, *, fresh: bool = False) -> Address:
    """Find the keys of the platform's own events, or raise NotFound without a hint."""
    known: dict[str, Address] = world.shelf.setdefault("wechat.components", {})
    if not fresh and (found := known.get(appid)):
        return found
    async with world.tx(NIL) as tx:
        component = await components.opened(tx, appid=appid)
    if component is None:
        raise NotFound
    crypt = MessageCrypt(
        component.token, component.aes_key, appid, component.previous_aes_key, component.previous_token
    )
    known[appid] = Address(NIL, appid, component.token, crypt, False, component.previous_token)
    return known[appid]
