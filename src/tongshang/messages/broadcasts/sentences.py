"""Why a mass send did not go out, as a merchant understands it.

Status of MASSSENDJOBFINISH and the codes of
https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html (2026-11).
"""

from tongshang.platform.errors import Refused

STATUS = {
    "send fail": ("微信发送失败，请稍后重新创建群发", "WeChat failed to send it"),
    "err(10001)": ("涉嫌广告，微信未发送", "taken for advertising"),
    "err(20001)": ("涉嫌政治，微信未发送", "taken for politics"),
    "err(20002)": ("涉嫌色情，微信未发送", "taken for pornography"),
    "err(20004)": ("涉嫌社会，微信未发送", "taken for harm to society"),
    "err(20006)": ("涉嫌违法犯罪，微信未发送", "taken for crime"),
    "err(20008)": ("涉嫌欺诈，微信未发送", "taken for fraud"),
    "err(20013)": ("涉嫌版权问题，微信未发送", "taken for a breach of copyright"),
    "err(21000)": ("涉嫌其他违规，微信未发送", "against WeChat's rules"),
    "err(22000)": ("涉嫌互推，微信未发送", "taken for mutual promotion"),
    "err(30001)": ("原创校验出现系统错误，请稍后再试", "the originality check broke down; try again"),
    "err(30002)": ("原创校验：不允许发送", "the originality check forbids it"),
    "err(30003)": ("原创校验判定为转载；确认要转载请打开“仍要发送转载”后重发", "judged a copy; allow reprints"),
    "err(40001)": ("公众号管理员拒绝了这次群发", "the account's administrator refused"),
    "err(40002)": ("公众号管理员 30 分钟内没有确认，群发已超时", "the administrator did not confirm within 30 minutes"),
}  # fmt: skip
CODES = {
    40007: ("素材或草稿在微信已不存在", "WeChat does not have the material or draft any more"),
    40130: ("微信要求至少 2 人", "WeChat wants two people at least"),
    45009: ("今天的接口调用次数已用完", "today's calls are used up"),
    45028: ("群发额度已用完：服务号每人每月 4 条，订阅号每天 1 次", "the quota of mass messages is used up"),
    45067: ("内部编号过长", "our number is too long"),
    45159: ("标签在微信已不存在", "WeChat does not have the tag any more"),
    48001: ("公众号没有授权群发能力，请重新授权", "the account has not granted mass sending"),
    48003: ("公众号尚未同意群发协议，请先登录公众平台群发一次", "agree to the terms at the official site first"),
    48008: ("公众号没有发送这类消息的权限", "the account may not send this kind of message"),
    48013: ("视频需要重新上传后才能群发", "the film has to be uploaded again"),
    48014: ("视频还没有通过微信审核", "WeChat has not passed the film yet"),
}  # fmt: skip
DONE = "send success"


MARK = " | "


def ours(refusal: Refused) -> str:
    """Keep a refusal of our own as a status, in both languages."""
    return refusal.sentence("zh") + MARK + refusal.sentence("en")


def why(status: str, errcode: int | None) -> tuple[str, str]:
    """Say in Chinese and English why something was not sent."""
    if MARK in status:
        zh, _, en = status.partition(MARK)
        return zh, en
    if status in STATUS:
        return STATUS[status]
    if errcode in CODES:
        return CODES[errcode]
    said = status or (str(errcode) if errcode else "")
    return (f"微信返回 {said}", f"WeChat says {said}") if said else ("没有发送", "not sent")
