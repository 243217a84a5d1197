"""Why something was not published, as a merchant understands it.

publish_status of https://developers.weixin.qq.com/doc/offiaccount/Publish/Get_status.html (2026-11); 53500 to 53503
of the error list.
"""

STATUS = {
    2: ("图文未通过原创校验：与他人已发布的内容相同或高度相似，请修改后再发布", "the originality check failed: "
        "somebody published the same before"),
    3: ("微信发布失败，请稍后再试；若一直失败，请登录公众平台查看", "WeChat failed to publish; try again later"),
    4: ("图文未通过微信平台审核，请检查内容是否违规", "WeChat's audit refused the content"),
    5: ("已在公众平台删除全部文章", "all articles were deleted at WeChat"),
    6: ("微信已封禁全部文章", "WeChat banned all articles"),
}  # fmt: skip
CODES = {
    40007: ("草稿或封面图在微信已不存在，请重新提交", "WeChat does not have the draft or its cover any more"),
    45166: ("正文含有微信不接受的内容", "the text holds something that WeChat does not take"),
    48001: ("公众号没有授权发布能力，请重新授权", "the account has not granted publishing"),
    53500: ("公众号的发布功能被封禁，请登录公众平台处理", "publishing is banned for this account"),
    53501: ("发布太频繁，请稍后再试", "publishing too often"),
    53502: ("微信不认识这次发布的编号", "WeChat does not know this publication"),
    53503: ("草稿未通过发布检查，请核对内容后再试", "the draft did not pass the check"),
    53504: ("请先登录公众平台完成该操作", "this has to be done at the official site"),
    53505: ("请先在公众平台手动保存这篇草稿", "save the draft by hand at the official site first"),
}
UNKNOWN = ("没有收到微信的回答，可能已经发布；请稍后查询结果，不要重复发布", "WeChat's answer was lost: it may be "
           "published. Check before you publish again")  # fmt: skip


def why(status: int | None, errcode: int | None) -> tuple[str, str]:
    """Say in Chinese and English why a publication failed."""
    if status in STATUS:
        return STATUS[status]
    if errcode in CODES:
        return CODES[errcode]
    return (f"微信返回错误 {errcode}", f"WeChat says {errcode}") if errcode else ("原因不明", "no reason given")
