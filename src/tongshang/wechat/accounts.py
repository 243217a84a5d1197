"""Merchants' accounts, and the directory that says whose an AppID is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.wechat.facts import AccountAuthorized, AccountWithdrawn
from tongshang.wechat.model import Account
from weixin.products.open import AccountInfo

FIELDS = """appid, mode, component_appid, state, user_name, nick_name, head_img, principal_name, service_type,
  verify_type, permissions, authorized_at, withdrawn_at"""
CURRENT = f"""select {FIELDS} from account where merchant_id = $1
order by (state = 'authorized') desc, authorized_at desc limit 1"""
ONE = f"select {FIELDS} from account where merchant_id = $1 and appid = $2"
KEYS = """select secret_sealed, token_sealed, aes_key_sealed, previous_aes_key_sealed, previous_token_sealed,
  token_changed_at, callback_mode from account where merchant_id = $1 and appid = $2"""
OTHER = "select nick_name, appid from account where merchant_id = $1 and state = 'authorized' and appid <> $2"
# The same merchant, or an account that left its former merchant: anybody else's claim changes nothing.
CLAIM = """
insert into account_directory as d (appid, merchant_id, component_appid, active) values ($1, $2, $3, true)
on conflict (appid) do update set merchant_id = $2, component_appid = $3, active = true
where d.merchant_id = $2 or not d.active"""
RELEASE = "update account_directory set active = false where appid = $1 and merchant_id = $2"
OWNER = "select merchant_id from account_directory where appid = $1"
ACTIVE = """select appid, merchant_id from account where state = 'authorized' and authorized_at < $1 and appid > $2
order by appid limit $3"""
OWNERS = "select appid, merchant_id from account_directory where appid = any($1)"
AUTHORIZED = """
insert into account as a (merchant_id, appid, mode, component_appid, state, permissions, authorized_at)
values ($1, $2, 'component', $3, 'authorized', $4, $5)
on conflict (merchant_id, appid) do update set mode = 'component', component_appid = $3, state = 'authorized',
  permissions = $4, authorized_at = $5, withdrawn_at = null, secret_sealed = null, token_sealed = null,
  aes_key_sealed = null, previous_aes_key_sealed = null, previous_token_sealed = null, token_changed_at = null,
  callback_mode = 'safe', verified_at = null"""
# An older withdrawal that arrives after a newer authorization changes nothing.
WITHDRAW = """update account set state = 'withdrawn', withdrawn_at = $3
where merchant_id = $1 and appid = $2 and state = 'authorized' and authorized_at <= $4"""
DESCRIBE = """update account set user_name = $3, nick_name = $4, head_img = $5, principal_name = $6, service_type = $7,
  verify_type = $8, permissions = $9 where merchant_id = $1 and appid = $2"""


class NoAccount(Refused):
    """No Official Account is connected yet."""

    code, status, zh = "wechat.no_account", 409, "尚未授权公众号。"


class Withdrawn(NoAccount):
    """The Official Account “{name}” took its authorization back. Nothing is lost: authorize it again to go on."""

    code, status, zh = (
        "wechat.withdrawn",
        409,
        "公众号“{name}”已取消授权，数据都还在；请在“账号授权”页重新授权后继续。",
    )


class NoComponentAccount(Refused):
    """This works only for an account that authorized the platform, not for one connected by its secret."""

    code, status, zh = (
        "wechat.not_by_component",
        409,
        "该功能需要公众号授权给第三方平台；以 AppSecret 接入的公众号请在微信后台设置。",
    )


class AccountTaken(Refused):
    """This Official Account already belongs to another merchant here."""

    code, status, zh = "wechat.account_taken", 409, "该公众号已授权给本平台的其他商家。"


class OtherAccount(Refused):
    """The shop already has the account {name}; cancel its authorization in WeChat first."""

    code, status, zh = "wechat.other_account", 409, "本店已授权公众号“{name}”，请先在微信公众平台取消其授权。"


@dataclass(frozen=True)
class Keys:
    """An own account's keys, sealed."""

    secret_sealed: bytes | None
    token_sealed: bytes | None
    aes_key_sealed: bytes | None
    previous_aes_key_sealed: bytes | None
    previous_token_sealed: bytes | None
    token_changed_at: datetime | None
    callback_mode: str


@dataclass(frozen=True)
class Opened:
    """What an own account's callbacks are read with."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    previous_aes_key: str | None = field(repr=False)
    previous_token: str | None = field(repr=False)
    mode: str
    token_changed_at: datetime | None


@dataclass(frozen=True)
class Named:
    """An account by name."""

    appid: str
    nick_name: str


@dataclass(frozen=True)
class Owner:
    """Whose an account is."""

    appid: str
    merchant_id: UUID


async def latest(tx: Tx) -> Account | None:
    """Give the merchant's account, the authorized one before any that withdrew."""
    return await tx.first(Account, CURRENT, tx.merchant)


async def current(tx: Tx) -> Account:
    """Give the merchant's authorized account, or refuse."""
    found = await latest(tx)
    if found is None:
        raise NoAccount
    if found.withdrawn_at is not None:
        raise Withdrawn(name=found.nick_name or found.appid)
    return found


async def of_appid(tx: Tx, *, appid: str) -> Account:
    """Give one of the merchant's accounts."""
    return await tx.one(Account, ONE, tx.merchant, appid)


async def component_of(tx: Tx, *, appid: str) -> str:
    """Say through which component we act for an account, or refuse."""
    found = await tx.first(Account, ONE, tx.merchant, appid)
    if found is None or found.component_appid is None:
        raise NoAccount
    return found.component_appid


async def own_secret(tx: Tx, *, appid: str) -> str:
    """Open the secret of an account connected by AppID and secret."""
    keys = await tx.one(Keys, KEYS, tx.merchant, appid)
    if keys.secret_sealed is None:
        raise NoAccount
    return tx.unseal("account.secret_sealed", keys.secret_sealed).decode()


async def own_keys(tx: Tx, *, appid: str) -> Opened | None:
    """Open the callback keys of an own account."""
    keys = await tx.first(Keys, KEYS, tx.merchant, appid)
    if keys is None or keys.token_sealed is None or keys.aes_key_sealed is None:
        return None
    previous, old_token = keys.previous_aes_key_sealed, keys.previous_token_sealed
    return Opened(
        tx.unseal("account.token_sealed", keys.token_sealed).decode(),
        tx.unseal("account.aes_key_sealed", keys.aes_key_sealed).decode(),
        tx.unseal("account.previous_aes_key_sealed", previous).decode() if previous else None,
        tx.unseal("account.previous_token_sealed", old_token).decode() if old_token else None,
        keys.callback_mode,
        keys.token_changed_at,
    )


async def owner(tx: Tx, *, appid: str) -> UUID | None:
    """Say whose an account is, or was last."""
    found: UUID | None = await tx.value(OWNER, appid)
    return found


async def owners(tx: Tx, *, appids: Sequence[str]) -> dict[str, UUID]:
    """Say whose accounts are."""
    return {row.appid: row.merchant_id for row in await tx.all(Owner, OWNERS, list(appids))}


async def active(tx: Tx, *, since: datetime, after: str, limit: int) -> list[Owner]:
    """List accounts of all merchants, by AppID, that have let us act for them since before a moment."""
    return await tx.all(Owner, ACTIVE, since, after, limit)


async def authorize(tx: Tx, *, appid: str, component: str, permissions: Sequence[int]) -> None:
    """Record that an account authorized us; another merchant's is refused, and so is a second one of ours."""
    again = await claim(tx, appid=appid, component=component)
    await tx.run(AUTHORIZED, tx.merchant, appid, component, list(permissions), tx.now)
    await tx.emit(AccountAuthorized(appid, again))


async def claim(tx: Tx, *, appid: str, component: str | None) -> bool:
    """Enter an account into the directory as this merchant's; says whether it was here before."""
    other = await tx.first(Named, OTHER, tx.merchant, appid)
    if other is not None:
        raise OtherAccount(name=other.nick_name or other.appid)
    if not await tx.run(CLAIM, appid, tx.merchant, component):
        raise AccountTaken
    return await tx.first(Account, ONE, tx.merchant, appid) is not None


async def withdraw(tx: Tx, *, appid: str, at: datetime) -> bool:
    """Record that an account withdrew at WeChat's time `at`; False for old news, which changes nothing."""
    # WeChat's time has no fractions of a second, ours has.
    if not await tx.run(WITHDRAW, tx.merchant, appid, tx.now, at + timedelta(seconds=1)):
        return False
    await tx.run(RELEASE, appid, tx.merchant)
    await tx.emit(AccountWithdrawn(appid))
    return True


async def describe(tx: Tx, info: AccountInfo) -> None:
    """Keep an account's public face and what it grants."""
    await tx.run(
        DESCRIBE, tx.merchant, info.appid, info.user_name, info.nick_name, info.head_img, info.principal_name,
        info.service_type, info.verify_type, list(info.permissions),
    )  # fmt: skip
