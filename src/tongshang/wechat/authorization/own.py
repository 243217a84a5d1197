"""Accounts connected by AppID and secret instead of an authorization: their keys, and what is still missing.

https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Access_Overview.html (2026-11). The token and
the EncodingAESKey are ours to choose; the administrator copies them, and our address, into mp.weixin.qq.com.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from string import ascii_letters, digits
from uuid import UUID

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.platform.world import World
from tongshang.wechat import accounts, clients
from tongshang.wechat.facts import AccountAuthorized
from tongshang.wechat.model import Account, Mode
from tongshang.wechat.vault import store, withdrawal
from weixin.crypto import decode_aes_key
from weixin.errors import WeixinError
from weixin.products import mp

MODES = ("safe", "compatible", "plain")
TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
APPID = re.compile(r"wx[0-9a-zA-Z]{4,30}")
IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
OWNED = """
insert into account as a
  (merchant_id, appid, mode, state, authorized_at, secret_sealed, token_sealed, aes_key_sealed, callback_mode)
values ($1, $2, 'own', 'authorized', $3, $4, $5, $6, $7)
on conflict (merchant_id, appid) do update set mode = 'own', component_appid = null, state = 'authorized',
  authorized_at = case when a.mode = 'own' and a.state = 'authorized' then a.authorized_at else $3 end,
  withdrawn_at = null, secret_sealed = $4, token_sealed = $5, aes_key_sealed = $6, callback_mode = $7,
  previous_aes_key_sealed = coalesce($8, a.previous_aes_key_sealed),
  previous_token_sealed = coalesce($10, a.previous_token_sealed),
  token_changed_at = case when $9 then a.token_changed_at else $3 end,
  verified_at = case when $9 then a.verified_at end"""
VERIFIED = "update account set verified_at = $3 where merchant_id = $1 and appid = $2 and mode = 'own'"
SETTING = "select callback_mode, verified_at from account where merchant_id = $1 and appid = $2"


class WrongAppid(Refused):
    """WeChat knows no account with this AppID."""

    code, status, zh = "wechat.own.appid", 409, "微信没有这个 AppID 的公众号，请核对。"


class WrongSecret(Refused):
    """The AppSecret is wrong, or was reset in mp.weixin.qq.com."""

    code, status, zh = "wechat.own.secret", 409, "AppSecret 不正确，或已在微信公众平台被重置。"


class NotListed(Refused):
    """Our IP address {ip} is not in the account's whitelist. Add it at mp.weixin.qq.com, then try again."""

    code, status, zh = (
        "wechat.own.ip",
        409,
        "本服务器 IP {ip} 不在公众号的 IP 白名单中，请到微信公众平台“开发 - 基本配置”添加后重试。",
    )


@dataclass(frozen=True)
class Setting:
    """How an own account's server address is set."""

    callback_mode: str
    verified_at: datetime | None


@dataclass(frozen=True)
class Chosen:
    """What is to be copied into mp.weixin.qq.com."""

    token: str
    aes_key: str


async def check_secret(world: World, merchant: UUID, *, appid: str, secret: str) -> None:
    """Ask WeChat whether AppID and secret are right and our address is welcome; refuses by what is wrong."""
    if not APPID.fullmatch(appid):
        raise WrongAppid
    try:
        await mp.stable_token(clients.client(world, merchant, appid), appid=appid, secret=secret)
    except WeixinError as error:
        raise reason(error) from None


def reason(error: WeixinError) -> Exception:
    """Say what is wrong in words that can be acted upon; anything else stays as WeChat said it."""
    if error.errcode == 40164:
        found = IP.search(error.errmsg)
        return NotListed(ip=found.group() if found else "?")
    if error.errcode in (40125, 40001, 41004):
        return WrongSecret()
    return WrongAppid() if error.errcode in (40013, 41002) else error


async def connect(tx: Tx, *, appid: str, secret: str, token: str, aes_key: str, mode: str) -> Chosen:
    """Connect an account, or change its keys; what is empty stays as it is, or is made. The old ones are honoured."""
    known = await accounts.own_keys(tx, appid=appid)
    chosen = Chosen(token or (known.token if known else tx.token(12)[:16]), aes_key or _key(tx, known))
    if mode not in MODES:
        raise Invalid(field="callback_mode", problem="one of safe compatible plain")
    if not TOKEN.fullmatch(chosen.token):
        raise Invalid(field="token", problem="3–32 letters and digits", zh="须为 3 到 32 位字母或数字")
    try:
        decode_aes_key(chosen.aes_key)
    except ValueError as error:
        raise Invalid(field="aes_key", problem=str(error)) from None
    again = await accounts.claim(tx, appid=appid, component=None)
    sealed = [tx.seal(f"account.{n}_sealed", v.encode()) for n, v in
              (("secret", secret), ("token", chosen.token), ("aes_key", chosen.aes_key))]  # fmt: skip
    old_key = known.aes_key if known and known.aes_key != chosen.aes_key else None
    old_token = known.token if known and known.token != chosen.token else None
    kept = [tx.seal(f"account.previous_{n}_sealed", v.encode()) if v else None for n, v in
            (("aes_key", old_key), ("token", old_token))]  # fmt: skip
    same = known is not None and old_token is None
    await tx.run(OWNED, tx.merchant, appid, tx.now, *sealed, mode, kept[0], same, kept[1])
    # The token fetched with an older secret, or as an authorizer, is not this account's any more.
    await store.void(tx, appid=appid)
    await tx.emit(AccountAuthorized(appid, again))
    return chosen


def _key(tx: Tx, known: accounts.Opened | None) -> str:
    return known.aes_key if known else new_aes_key(tx)


def new_aes_key(tx: Tx) -> str:
    """Draw an EncodingAESKey: 43 letters and digits, as WeChat wants them."""
    return "".join(tx.rng.choices(ascii_letters + digits, k=43))


async def secret(tx: Tx, *, appid: str) -> str:
    """Open an own account's secret; raises NoAccount."""
    return await accounts.own_secret(tx, appid=appid)


async def rotate(tx: Tx, *, appid: str) -> tuple[Chosen, str]:
    """Make a new AES key and keep the old one readable; gives what to copy, and the mode. Raises NoAccount."""
    known = await accounts.own_keys(tx, appid=appid)
    if known is None:
        raise accounts.NoAccount
    kept = await accounts.own_secret(tx, appid=appid)
    fresh = new_aes_key(tx)
    return await connect(tx, appid=appid, secret=kept, token="", aes_key=fresh, mode=known.mode), known.mode


async def disconnect(tx: Tx) -> None:
    """Let go of an own account; its data stays. Raises NoAccount."""
    account = await accounts.current(tx)
    if account.mode is not Mode.OWN:
        raise accounts.NoAccount
    await withdrawal.record(tx, appid=account.appid, at=tx.now)


async def verified(tx: Tx, *, appid: str) -> None:
    """Remember that WeChat verified our address with the account's token."""
    await tx.run(VERIFIED, tx.merchant, appid, tx.now)


async def setting(tx: Tx, account: Account) -> Setting | None:
    """Say how an own account's address is set; None for one that authorized a component."""
    return None if account.mode is not Mode.OWN else await tx.one(Setting, SETTING, tx.merchant, account.appid)
