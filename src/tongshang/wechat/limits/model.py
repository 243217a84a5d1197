"""How many calls an account may make of each API, as WeChat publishes it, and when a quota is new again.

Accounts grow (the numbers step up at 100 000, 1 000 000 and 10 000 000 followers), so what `openapi/quota/get` says of
an account goes before these.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tongshang.platform.clock import SHANGHAI

CALL_LIMITS = "https://developers.weixin.qq.com/doc/offiaccount/Message_Management/API_Call_Limits.html"
STABLE = "https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/getStableAccessToken.html"
CLEARING = "https://developers.weixin.qq.com/doc/offiaccount/openApi/clear_quota.html"
READ_ON = "2026-11"
CLEARS_PER_MONTH = 10
CLEAR, CLEAR_ONE = "/cgi-bin/clear_quota", "/cgi-bin/openapi/quota/clear"
CLEARS = (CLEAR, CLEAR_ONE)
SENDING = "https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html"
PERSONAL = "https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Personalized_menu_interface.html"


@dataclass(frozen=True)
class Limit:
    """A published limit of one API, its words, its page and the month it was read in."""

    api: str
    zh: str
    en: str
    per_day: int | None
    per_minute: int | None = None
    source: str = CALL_LIMITS
    read_on: str = READ_ON


LIMITS = {
    limit.api: limit
    for limit in (
        Limit("/cgi-bin/token", "获取 access_token", "Access token", 2_000),
        Limit("/cgi-bin/stable_token", "获取稳定版 access_token", "Stable token", 500_000, 10_000, STABLE),
        Limit("/cgi-bin/menu/create", "创建菜单", "Create menu", 1_000),
        Limit("/cgi-bin/menu/get", "查询菜单", "Read menu", 10_000),
        Limit("/cgi-bin/menu/delete", "删除菜单", "Delete menu", 1_000),
        Limit("/cgi-bin/media/upload", "上传临时素材", "Upload media", 100_000),
        Limit("/cgi-bin/media/get", "下载素材", "Download media", 200_000),
        Limit("/cgi-bin/message/custom/send", "客服消息", "Customer-service messages", 500_000),
        Limit("/cgi-bin/menu/addconditional", "创建个性化菜单", "Create personalized menu", 2_000, None, PERSONAL),
        Limit("/cgi-bin/menu/delconditional", "删除个性化菜单", "Delete personalized menu", 2_000, None, PERSONAL),
        Limit("/cgi-bin/menu/trymatch", "测试个性化菜单", "Try personalized menu", 20_000, None, PERSONAL),
        Limit("/cgi-bin/message/mass/sendall", "按标签群发", "Mass send by tag", 100, 60, SENDING),
        Limit("/cgi-bin/message/mass/send", "按 OpenID 群发", "Mass send by OpenID", 100, 60, SENDING),
        Limit("/cgi-bin/message/mass/delete", "删除群发", "Delete a mass send", 10),
        Limit("/cgi-bin/message/mass/preview", "群发预览", "Preview of a mass send", 100),
        Limit("/cgi-bin/media/uploadnews", "上传图文", "Upload news", 10),
        Limit("/cgi-bin/message/template/send", "模板消息", "Template messages", 100_000),
        Limit("/cgi-bin/qrcode/create", "生成带参数二维码", "QR codes", 100_000),
        Limit("/cgi-bin/user/get", "获取粉丝列表", "List followers", 500),
        Limit("/cgi-bin/user/info", "获取粉丝信息", "Follower details", 5_000_000),
        Limit("/cgi-bin/user/info/updateremark", "设置备注", "Remarks", 10_000),
        Limit("/cgi-bin/draft/add", "新建草稿", "Add draft", 1_000),
        Limit("/cgi-bin/draft/get", "获取草稿", "Read draft", 500),
        Limit("/cgi-bin/draft/delete", "删除草稿", "Delete draft", 1_000),
        Limit("/cgi-bin/draft/update", "修改草稿", "Change draft", 1_000),
        Limit("/cgi-bin/draft/count", "草稿总数", "Count drafts", 1_000),
        Limit("/cgi-bin/draft/batchget", "草稿列表", "List drafts", 1_000),
        Limit("/cgi-bin/freepublish/submit", "发布", "Publish", 100),
        Limit("/cgi-bin/freepublish/get", "查询发布状态", "Read publishing", 100),
        Limit("/cgi-bin/freepublish/delete", "删除发布", "Delete publication", 10),
        Limit("/cgi-bin/freepublish/getarticle", "获取已发布图文", "Read publication", 100),
        Limit("/cgi-bin/freepublish/batchget", "已发布列表", "List publications", 100),
    )
}


def counted(api: str) -> bool:
    """Say whether calls of an API draw on a published quota or may be refused for their number.

    Web OAuth has no limit; the component's own calls are counted for its token alone, which many ask for.
    """
    if api.startswith("/cgi-bin/component/"):
        return api.endswith("/api_component_token")
    return not api.startswith("/sns/")


def next_day(moment: datetime) -> datetime:
    """Say when the daily quotas begin anew: at midnight in Shanghai."""
    day = moment.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1)


def minute_of(moment: datetime) -> datetime:
    """Give the minute a moment is in."""
    return moment.replace(second=0, microsecond=0)


def rest_until(moment: datetime, *, errcode: int, errmsg: str) -> datetime:
    """Say until when to leave an API alone that refused: its day's quota, or only this minute's."""
    if errcode == 45009 and "freq" not in errmsg:
        return next_day(moment)
    return minute_of(moment) + timedelta(minutes=1)
