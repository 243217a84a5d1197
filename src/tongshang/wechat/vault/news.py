"""News of an account's verification: without it WeChat takes rights away, so whoever can renew it has to know in time.

https://developers.weixin.qq.com/doc/offiaccount/Account_Management/Wechat_Accreditation_Event_Push.html (2026-11)
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.wechat.pushed import AccountVerified

ADD = """insert into account_news (merchant_id, appid, at, event, expires_at, reason) values ($1, $2, $3, $4, $5, $6)
on conflict (merchant_id, appid, at, event) do nothing"""
LATEST = """select at, event, expires_at, reason from account_news
where merchant_id = $1 and appid = $2 order by at desc, event limit 5"""
# Somebody who has not acted by then does not want to.
ALARMING_FOR = timedelta(days=60)
SAID = {
    "qualification_verify_success": (
        "good", "资质认证成功，有效期至 {until}。", "The qualification is verified until {until}.",
    ),
    "qualification_verify_fail": (
        "bad", "资质认证未通过：{reason}。请在微信公众平台修改后重新提交。",
        "Qualification was not verified: {reason}. Mend it on WeChat's site and submit it again.",
    ),
    "naming_verify_success": ("good", "公众号认证成功，有效期至 {until}。", "The account is verified until {until}."),
    "naming_verify_fail": (
        "bad", "公众号名称认证未通过：{reason}。请在微信公众平台修改后重新提交。",
        "The account's name was not verified: {reason}. Mend it on WeChat's site and submit it again.",
    ),
    "annual_renew": (
        "warn", "公众号认证将于 {until} 到期，请在此之前到微信公众平台完成年审。",
        "The account's verification ends on {until}: renew it on WeChat's site before.",
    ),
    "verify_expired": (
        "bad", "公众号认证已于 {until} 过期，群发、网页授权等功能可能停用，请到微信公众平台重新认证。",
        "The account's verification ended on {until}; mass sends, log-ins and more may stop. Renew it at WeChat.",
    ),
}  # fmt: skip
NO_REASON = ("微信没有说明原因", "WeChat gave no reason")


@dataclass(frozen=True)
class Row:
    """News as it is kept."""

    at: datetime
    event: str
    expires_at: datetime | None
    reason: str


class News(msgspec.Struct, frozen=True):
    """What WeChat said; `tone` is good, warn or bad."""

    at: datetime
    event: str
    expires_at: datetime | None
    tone: str
    zh: str
    en: str


async def keep(tx: Tx, fact: AccountVerified) -> None:
    """Keep what WeChat said of an account; the same again changes nothing."""
    at = datetime.fromtimestamp(fact.at, UTC)
    until = datetime.fromtimestamp(fact.expires_at, UTC) if fact.expires_at else None
    await tx.run(ADD, tx.merchant, fact.appid, at, fact.event, until, (fact.reason or "")[:300])


async def latest(tx: Tx, *, appid: str) -> list[News]:
    """List what WeChat said last of an account, newest first."""
    return [_told(one) for one in await tx.all(Row, LATEST, tx.merchant, appid) if one.event in SAID]


async def alarming(tx: Tx, *, appid: str) -> News | None:
    """Give the newest word of WeChat when somebody has to act on it."""
    found = await latest(tx, appid=appid)
    return found[0] if found and found[0].tone != "good" and tx.now - found[0].at < ALARMING_FOR else None


def _told(one: Row) -> News:
    tone, *sentences = SAID[one.event]
    until = f"{one.expires_at.astimezone(SHANGHAI):%Y-%m-%d}" if one.expires_at else "—"
    zh, en = (
        words.format(until=until, reason=one.reason.rstrip("。.") or none)
        for words, none in zip(sentences, NO_REASON, strict=True)
    )
    return News(one.at, one.event, one.expires_at, tone, zh, en)
