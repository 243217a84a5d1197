"""The console's pages about an account's authorization: links, permissions, settings at WeChat, and own accounts."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import delete, get, put

from tongshang.platform.errors import Invalid
from tongshang.platform.web import AnyRequest
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.wechat import accounts
from tongshang.wechat.authorization import binding, checks, options, own, permissions, promises
from tongshang.wechat.authorization.checks import Check
from tongshang.wechat.authorization.promises import Asked, Links
from tongshang.wechat.authorization.sets import BASIC, NAMED, READ_ON, Feature, named

CLERK = {"role": Role.CLERK}
MANAGER = {"role": Role.MANAGER}
OWNER = {"role": Role.OWNER}


class SetView(msgspec.Struct):
    """A permission set, and whether the account granted it."""

    id: int
    zh: str
    en: str
    granted: bool
    needed: bool
    exclusive: bool


class GapView(msgspec.Struct):
    """A feature that cannot work, and the set it lacks."""

    feature: str
    zh: str
    en: str
    set_id: int
    set_zh: str
    set_en: str
    basic: bool
    # Can be granted to one platform at a time: another one may have it.
    exclusive: bool


class GapsView(msgspec.Struct):
    """What a page of a feature must know: which features cannot work, and since when the account lets us act."""

    appid: str | None
    authorized_at: datetime | None
    gaps: list[GapView]


class PermissionsView(msgspec.Struct):
    """What the account granted, and what is missing for which feature."""

    appid: str
    mode: str
    sets: list[SetView]
    gaps: list[GapView]
    # What a link of re-authorization asks for.
    to_ask: list[int]
    as_of: str


class OwnAsked(msgspec.Struct, forbid_unknown_fields=True):
    """An account's own keys; an empty token or AES key is kept as it is, or made by us."""

    appid: str
    secret: str
    token: str = ""
    aes_key: str = ""
    callback_mode: str = "safe"


class OwnMade(msgspec.Struct):
    """What to copy into mp.weixin.qq.com; shown this once."""

    appid: str
    url: str
    token: str
    aes_key: str
    callback_mode: str


class OwnView(msgspec.Struct):
    """An own account's server setting."""

    appid: str | None
    url: str | None
    callback_mode: str | None
    verified_at: datetime | None


class OptionAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A value of a setting."""

    value: str


@put("/wechat/authorizations/{promise_id:uuid}", operation_id="put_authorization", opt=MANAGER)
async def put_authorization(who: Staff, promise_id: UUID, request: AnyRequest) -> Links:
    """Start an authorization: a launch page for a computer, and a link (also as a QR code) for the phone."""
    body = await request.body()
    try:
        asked = msgspec.json.decode(body, type=Asked) if body.strip() not in (b"", b"null") else Asked()
    except msgspec.DecodeError as error:
        raise Invalid(field="body", problem=str(error)) from None
    async with who.tx():
        pass  # audited before anything is asked of WeChat
    return await promises.promise(who.world, who.merchant, promise_id, asked)


@get("/wechat/permissions", operation_id="get_permissions", opt=MANAGER)
async def get_permissions(who: Staff) -> PermissionsView:
    """Show what the account granted and what each feature lacks."""
    async with who.tx() as tx:
        account = await accounts.latest(tx)
    if account is None:
        raise accounts.NoAccount
    granted = set(account.permissions)
    ids = [*NAMED, *sorted(id for id in granted - set(NAMED) if id > 0)]
    lacking = permissions.gaps(account)
    wanted = {feature.any_of[0] for feature in lacking}
    return PermissionsView(
        account.appid,
        account.mode,
        [SetView(s.id, s.zh, s.en, s.id in granted, s.id in BASIC or s.id in wanted, s.exclusive)
         for s in map(named, ids)],
        [_gap(feature) for feature in lacking],
        list(permissions.to_ask(account)),
        READ_ON.isoformat(),
    )  # fmt: skip


@get("/wechat/gaps", operation_id="get_permission_gaps", opt=CLERK)
async def get_permission_gaps(who: Staff) -> GapsView:
    """Say which features lack a permission set; none while no account is connected."""
    async with who.tx() as tx:
        account = await accounts.latest(tx)
    if account is None or account.withdrawn_at is not None:
        return GapsView(None, None, [])
    return GapsView(account.appid, account.authorized_at, [_gap(feature) for feature in permissions.gaps(account)])


def _gap(feature: Feature) -> GapView:
    wanted = named(feature.any_of[0])
    return GapView(
        feature.key, feature.zh, feature.en, wanted.id, wanted.zh, wanted.en, feature.basic, wanted.exclusive
    )


@get("/wechat/options", operation_id="get_options", opt=MANAGER)
async def get_options(who: Staff) -> list[options.Option]:
    """Read the account's settings at WeChat that its platform may change."""
    return await options.read(who.world, who.merchant)


@put("/wechat/options/{name:str}", operation_id="put_option", opt=MANAGER)
async def put_option(who: Staff, name: str, data: OptionAsked) -> list[options.Option]:
    """Change one of the account's settings at WeChat."""
    async with who.tx():
        pass
    return await options.change(who.world, who.merchant, name=name, value=data.value)


@get("/wechat/open-account", operation_id="get_open_account", opt=MANAGER)
async def get_open_account(who: Staff) -> binding.Binding:
    """Show which Open Platform account gives the account's people their UnionID."""
    return await binding.read(who.world, who.merchant)


@put("/wechat/open-account", operation_id="put_open_account", opt=OWNER)
async def put_open_account(who: Staff, data: binding.Binding) -> binding.Binding:
    """Bind the account to an Open Platform account, a new one when none is named."""
    async with who.tx():
        pass
    return await binding.bind(who.world, who.merchant, open_appid=data.open_appid)


@delete("/wechat/open-account", operation_id="drop_open_account", opt=OWNER, status_code=204)
async def drop_open_account(who: Staff) -> None:
    """Undo the account's binding to an Open Platform account."""
    async with who.tx():
        pass
    await binding.unbind(who.world, who.merchant)


@get("/wechat/own-account", operation_id="get_own_account", opt=OWNER)
async def get_own_account(who: Staff) -> OwnView:
    """Show how the account's server setting stands; its keys are never shown again."""
    async with who.tx() as tx:
        account = await accounts.latest(tx)
        setting = await own.setting(tx, account) if account else None
    if account is None or setting is None:
        return OwnView(None, None, None, None)
    return OwnView(account.appid, _address(who, account.appid), setting.callback_mode, setting.verified_at)


@put("/wechat/own-account", operation_id="put_own_account", opt=OWNER)
async def put_own_account(who: Staff, data: OwnAsked) -> OwnMade:
    """Connect an account by its own AppID and secret, or change its keys; refused when WeChat does not take them."""
    await own.check_secret(who.world, who.merchant, appid=data.appid, secret=data.secret)
    async with who.tx() as tx:
        made = await own.connect(
            tx, appid=data.appid, secret=data.secret, token=data.token, aes_key=data.aes_key, mode=data.callback_mode
        )
    return OwnMade(data.appid, _address(who, data.appid), made.token, made.aes_key, data.callback_mode)


@put("/wechat/own-account/keys", operation_id="rotate_own_keys", opt=OWNER)
async def rotate_own_keys(who: Staff) -> OwnMade:
    """Make a new AES key; what WeChat still seals with the old one is read too, until the next change."""
    async with who.tx() as tx:
        account = await accounts.current(tx)
        made, mode = await own.rotate(tx, appid=account.appid)
    return OwnMade(account.appid, _address(who, account.appid), made.token, made.aes_key, mode)


@delete("/wechat/own-account", operation_id="drop_own_account", opt=OWNER, status_code=204)
async def drop_own_account(who: Staff) -> None:
    """Disconnect an account that was connected by its secret; all data stays."""
    async with who.tx() as tx:
        await own.disconnect(tx)


@get("/wechat/own-account/checks", operation_id="check_own_account", opt=OWNER)
async def check_own_account(who: Staff) -> list[Check]:
    """Ask WeChat, step by step, what is still missing."""
    return await checks.of_own_account(who.world, who.merchant)


def _address(who: Staff, appid: str) -> str:
    return f"{who.world.settings.public_url}/wechat/messages/{appid}"


console: list[Any] = [get_open_account, put_open_account, drop_open_account, put_authorization, get_permissions,
                      get_permission_gaps, get_options, put_option, get_own_account, put_own_account,
                      rotate_own_keys, drop_own_account, check_own_account]  # fmt: skip
