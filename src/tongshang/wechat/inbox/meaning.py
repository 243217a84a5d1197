"""What a push means: the typed message of `weixin` becomes the fact of a merchant."""

from uuid import UUID

import msgspec

from tongshang.platform.facts import Fact
from tongshang.wechat import facts, pushed
from weixin import messages as m
from weixin.messages.fields import maybe, rest
from weixin.safexml import Fields

# What a person would read of a message that is not words.
SHOWN = {
    "image": "[图片]", "voice": "[语音]", "video": "[视频]", "shortvideo": "[小视频]", "file": "[文件]",
    "link": "[链接]", "miniprogrampage": "[小程序]",
}  # fmt: skip


def fact_of(appid: str, push: UUID, message: m.Message, fields: Fields) -> Fact | None:
    """Say what a message or event means to its merchant; None when it is to the platform itself."""
    if not isinstance(message, m.Said):
        return None
    head = (appid, message.openid, message.created_at)
    found = _done(head, push, message) or _words(head, push, message) or _system((*head, push), message)
    if isinstance(found, facts.Said) and message.msg_data_id:
        return msgspec.structs.replace(found, article=f"{message.msg_data_id}_{message.article}")
    if found is not None:
        return found
    if isinstance(message, m.Other) and message.event is None:
        words = maybe(fields, "Content") or f"[{message.msg_type}]"
        return facts.Said(*head, message.msg_type, words, maybe(fields, "MediaId"), push)
    event = (message.event if isinstance(message, m.Other) else None) or ""
    plain = {name: said for name in fields if (said := maybe(fields, name)) is not None}
    return facts.OtherPushed(*head, event, rest(fields) | plain)


def _done(head: tuple[str, str, int], push: UUID, message: m.Said) -> Fact | None:
    match message:
        case m.Subscribe():
            return facts.Followed(*head, message.scene, message.ticket, push)
        case m.Unsubscribe():
            return facts.Unfollowed(*head)
        case m.Scan():
            return facts.Scanned(*head, message.scene, message.ticket, push)
        case m.Click():
            return facts.MenuClicked(*head, message.key, push=push)
        case m.View():
            return facts.MenuClicked(*head, message.url, url=True, push=push, menu_id=message.menu_id)
        case m.Location():
            return facts.Located(*head, message.latitude, message.longitude)
        case m.ViewMiniProgram():
            return facts.MenuUsed(*head, message.page_path, "mini_program", push=push, menu_id=message.menu_id)
        case m.CodeScanned():
            how = "scan_wait" if message.waits else "scan"
            return facts.MenuUsed(*head, message.key, how, message.result, scan_type=message.scan_type, push=push)
        case m.PicturesPicked():
            return facts.MenuUsed(*head, message.key, message.source, pictures=message.number, push=push)
        case m.PlacePicked():
            return facts.MenuUsed(
                *head, message.key, "place", message.poi or message.label, latitude=message.latitude,
                longitude=message.longitude, push=push,
            )  # fmt: skip
    return None


def _words(head: tuple[str, str, int], push: UUID, message: m.Said) -> facts.Said | None:
    match message:
        case m.Text():
            return facts.Said(*head, "text", message.content, push=push, menu_id=message.menu_id)
        case m.Image():
            return facts.Said(*head, "image", SHOWN["image"], message.media_id, push, url=message.pic_url or None)
        case m.Voice():
            heard = message.recognition or SHOWN["voice"]
            return facts.Said(*head, "voice", heard, message.media_id, push, format=message.format)
        case m.Video():
            kind = "shortvideo" if message.short else "video"
            thumb = message.thumb_media_id or None
            return facts.Said(*head, kind, SHOWN[kind], message.media_id, push, thumb_media_id=thumb)
        case m.Place():
            x, y = message.latitude, message.longitude
            return facts.Said(*head, "location", message.label, push=push, latitude=x, longitude=y)
        case m.Link():
            shown = f"{SHOWN['link']}{message.title}"
            return facts.Said(*head, "link", shown, push=push, title=message.title, url=message.url)
        case m.File():
            shown = f"{SHOWN['file']}{message.title}"
            return facts.Said(*head, "file", shown, message.media_id, push, title=message.title)
        case m.MiniPage():
            return facts.Said(
                *head, "miniprogrampage", f"{SHOWN['miniprogrampage']}{message.title}", push=push,
                thumb_media_id=message.thumb_media_id or None, title=message.title, url=message.page_path,
                appid_of=message.appid,
            )  # fmt: skip
    return None


def _system(head: tuple[str, str, int, UUID], message: m.Said) -> Fact | None:
    match message:
        case m.MassSendFinished():
            return pushed.MassSendFinished(
                *head, msg_id=message.msg_id, status=message.status, total=message.total, filtered=message.filtered,
                sent=message.sent, errors=message.errors, check_state=message.check_state,
                checks=[
                    pushed.CopyrightCheck(
                        x.article, x.original_url, x.original_type, x.can_reprint, x.audit_state, x.declared,
                        x.must_replace, x.must_name_source,
                    )
                    for x in message.checks
                ],
                urls=_urls(message.urls),
            )  # fmt: skip
        case m.PublishFinished():
            return pushed.PublishFinished(
                *head, publish_id=message.publish_id, status=message.status, article_id=message.article_id,
                urls=_urls(message.urls), failed=list(message.failed),
            )  # fmt: skip
        case m.TemplateFinished():
            return pushed.TemplateFinished(*head, msg_id=message.msg_id, status=message.status)
        case m.SubscriptionAnswered():
            answers = [pushed.Consent(x.template_id, x.answer, x.scene) for x in message.answers]
            return pushed.SubscriptionAnswered(*head, changed=message.changed, answers=answers)
        case m.SubscriptionSent():
            results = [pushed.NoticeResult(x.template_id, x.msg_id, x.code, x.status) for x in message.results]
            return pushed.SubscriptionSent(*head, results=results)
        case m.KfSession():
            return _session(head, message)
        case m.EnteredSession():
            return pushed.SessionEntered(*head, session_from=message.session_from)
        case m.PersonChanged():
            return pushed.PersonChanged(*head, change=message.change, who=message.who, revoked=message.revoked)
    return _rare(head, message)


def _session(head: tuple[str, str, int, UUID], message: m.KfSession) -> Fact:
    if message.change == "create":
        return pushed.KfSessionOpened(*head, kf_account=message.kf_account)
    if message.change == "switch":
        return pushed.KfSessionSwitched(*head, kf_account=message.kf_account, to=message.other or "")
    return pushed.KfSessionClosed(*head, kf_account=message.kf_account, close_type=message.close_type)


def _rare(head: tuple[str, str, int, UUID], message: m.Said) -> Fact | None:
    match message:
        case m.AccountVerified():
            return pushed.AccountVerified(
                *head, event=message.event, expires_at=message.expires_at, failed_at=message.failed_at,
                reason=message.reason,
            )  # fmt: skip
        case m.CardEvent():
            return pushed.CardChanged(
                *head, event=message.event, about=message.card_id, code=message.code, reason=message.reason,
                more=message.more,
            )  # fmt: skip
        case m.PlaceEvent():
            about, result, more = message.about, message.result, message.more
            return pushed.PlaceChanged(*head, event=message.event, about=about, result=result, more=more)
        case m.MiniProgramEvent():
            return pushed.MiniProgramJudged(
                *head, event=message.event, passed=message.passed, reason=message.reason, trace_id=message.trace_id,
                more=message.more,
            )  # fmt: skip
        case m.Device():
            return pushed.DeviceSpoke(
                *head, event=message.event, device_type=message.device_type, device_id=message.device_id,
                content=message.content, session_id=message.session_id,
            )  # fmt: skip
    return None


def _urls(urls: tuple[tuple[int, str], ...]) -> list[pushed.ArticleUrl]:
    return [pushed.ArticleUrl(article, url) for article, url in urls]
