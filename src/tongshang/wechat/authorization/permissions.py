"""What an account granted, compared with what our features need."""

from collections.abc import Sequence

from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.wechat import accounts
from tongshang.wechat.authorization.apis import feature_of
from tongshang.wechat.authorization.sets import FEATURES, Feature, named
from tongshang.wechat.model import Account, Mode
from weixin.errors import WeixinError

# WeChat's own code for a call outside what was granted.
UNGRANTED = 61007


class NotGranted(Refused):
    """{feature_en} needs the permission set “{set_en}” ({set_id}), which the account did not grant. Authorize again."""

    code, status, zh = (
        "wechat.not_granted",
        409,
        "“{feature_zh}”需要公众号授予“{set_zh}”权限（权限集 {set_id}），请在“账号授权”页一键重新授权。",
    )


async def needs(tx: Tx, feature: str) -> Account:
    """Give the merchant's account if it granted what a feature needs (a key of FEATURES); else refuse, naming it.

    Raises NoAccount (Withdrawn), NotGranted.
    """
    account = await accounts.current(tx)
    if lacks(account, asked := FEATURES[feature]):
        raise refusal(asked)
    return account


def refusal(asked: Feature) -> NotGranted:
    """Say which set a feature lacks."""
    wanted = named(asked.any_of[0])
    return NotGranted(
        feature=asked.key, feature_zh=asked.zh, feature_en=asked.en, set_id=wanted.id, set_zh=wanted.zh,
        set_en=wanted.en,
    )  # fmt: skip


def allow(account: Account, path: str) -> None:
    """Let a call go that the account granted; else raise what WeChat would, and our sentence as its cause."""
    asked = FEATURES.get(feature_of(path) or "")
    if asked is not None and lacks(account, asked):
        refused = refusal(asked)
        raise WeixinError(UNGRANTED, f"not asked: {refused}") from refused


def lacks(account: Account, feature: Feature) -> bool:
    """Say whether a feature cannot work; an own account asks nobody, its type alone decides."""
    return account.mode is not Mode.OWN and not set(feature.any_of) & set(account.permissions)


def gaps(account: Account) -> list[Feature]:
    """List the features that cannot work."""
    return [feature for feature in FEATURES.values() if lacks(account, feature)]


def to_ask(account: Account) -> Sequence[int]:
    """List the sets for a link of re-authorization: what is granted, and what our features lack."""
    return sorted({*(id for id in account.permissions if id > 0), *(f.any_of[0] for f in gaps(account))})
