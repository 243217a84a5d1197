"""Permission sets by number and name, and which of them each feature of ours needs: dated data.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/product/third_party_authority_instructions.html
(2026-11). Where an API's own page names its sets, those count; for the rest, the set's name does. WeChat lists
under func_info what was granted, whether or not the type of the account really has those calls.
"""

from dataclasses import dataclass
from datetime import date

READ_ON = date(2026, 11, 20)


@dataclass(frozen=True)
class PermissionSet:
    """WeChat's number and names; an exclusive one can be granted to one platform at a time."""

    id: int
    zh: str
    en: str
    exclusive: bool = False


OFFICIAL = (
    PermissionSet(1, "消息管理", "Messages"),
    PermissionSet(2, "用户管理", "Users"),
    PermissionSet(3, "帐号服务（二维码）", "Account service (QR codes)"),
    PermissionSet(4, "网页服务（网页授权、JS-SDK）", "Web service (OAuth, JS-SDK)", exclusive=True),
    PermissionSet(5, "微信小店", "WeChat shop"),
    PermissionSet(6, "多客服", "Customer service accounts"),
    PermissionSet(7, "群发与通知", "Mass send and notices"),
    PermissionSet(8, "微信卡券", "Cards and coupons"),
    PermissionSet(9, "微信扫一扫", "Scan"),
    PermissionSet(10, "微信连 Wi-Fi", "WeChat Wi-Fi"),
    PermissionSet(11, "素材管理", "Materials"),
    PermissionSet(12, "微信摇周边", "Shake nearby"),
    PermissionSet(13, "微信门店", "Stores"),
    PermissionSet(15, "自定义菜单", "Custom menu"),
    PermissionSet(22, "城市服务接口", "City services"),
    PermissionSet(23, "广告管理", "Ads"),
    PermissionSet(24, "开放平台帐号管理", "Open Platform account", exclusive=True),
    PermissionSet(26, "微信电子发票", "Electronic invoices"),
    PermissionSet(27, "快速注册小程序", "Quick registration of mini programs"),
    PermissionSet(33, "小程序管理（关联）", "Mini program links"),
    PermissionSet(34, "微信商品库", "Product library", exclusive=True),
    PermissionSet(44, "好物圈", "Haowu"),
    PermissionSet(46, "微信一物一码", "One item, one code"),
    PermissionSet(47, "微信财政电子票据", "Fiscal e-bills"),
    PermissionSet(54, "服务号对话", "Service account conversation", exclusive=True),
    PermissionSet(66, "服务平台管理", "Service market"),
    PermissionSet(89, "服务号订阅通知", "Subscription notices"),
    PermissionSet(113, "医疗助手", "Medical assistant"),
)
NAMED = {one.id: one for one in OFFICIAL}


def named(id: int) -> PermissionSet:
    """Name a set; one that WeChat added since is called by its number."""
    return NAMED.get(id) or PermissionSet(id, f"权限集 {id}", f"Permission set {id}")


@dataclass(frozen=True)
class Feature:
    """A feature of ours; any one of the sets is enough, and the first is the one we ask for."""

    key: str
    zh: str
    en: str
    any_of: tuple[int, ...]
    # Without it there is no shop in WeChat at all.
    basic: bool = False


FEATURES = {
    one.key: one
    for one in (
        Feature("messages", "接收消息与自动回复", "Messages and replies", (1,), basic=True),
        Feature("custom_messages", "客服消息", "Customer-service messages", (1,), basic=True),
        Feature("users", "粉丝资料与同步", "Followers", (2,), basic=True),
        Feature("tags", "微信标签、备注与黑名单", "Tags, remarks and blacklist", (2,)),
        Feature("qrcodes", "渠道二维码与短链", "QR codes and short keys", (3,), basic=True),
        Feature("web", "店铺登录与 JS-SDK", "Store log-in and JS-SDK", (4,), basic=True),
        Feature("menus", "自定义菜单", "Menus", (15,), basic=True),
        Feature("kf", "客服帐号与会话", "Customer-service staff and sessions", (6,)),
        Feature("mass", "群发", "Mass send", (7,)),
        Feature("templates", "模板消息", "Template messages", (7,)),
        Feature("one_time_notices", "一次性订阅消息", "One-time subscription notices", (7,)),
        Feature("notices", "订阅通知", "Subscription notices", (89,)),
        Feature("publishing", "图文发布", "Publishing articles", (7,)),
        Feature("article_figures", "图文数据", "Figures of articles", (7,)),
        Feature("user_figures", "用户数据", "Figures of followers", (2,)),
        Feature("drafts", "草稿箱", "Drafts", (11, 100)),
        Feature("materials", "素材库", "Materials", (11,)),
        Feature("uploads", "向微信上传图片与文件", "Files sent to WeChat", (11, 1, 3, 8, 9, 100)),
        Feature("open_account", "开放平台帐号（UnionID）", "Open Platform account (UnionID)", (24,)),
        Feature("mini_links", "关联小程序", "Linked mini programs", (33,)),
    )
}
BASIC = frozenset(one.any_of[0] for one in FEATURES.values() if one.basic)
