"""What a merchant transfer must keep to: scenes with what is reported of them, limits, the name above a sum.

Pages 「产品介绍」 (merchant/4012711988, 2025-01-16) and 「发起转账」 (merchant/4012716434, 2025-03-21) of
pay.weixin.qq.com/doc/v3. Scenes that no public page numbers are not here; the merchant's desk at WeChat says which
are open and how much a transfer may be.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec import UNSET

from wxsandbox.pay import crypto, money, orders
from wxsandbox.pay.errors import PayRefused, invalid, wrong_field
from wxsandbox.pay.rows import PayMerchant
from wxsandbox.pay.transfer_rows import ENDED, PayTransfer
from wxsandbox.pay.types_transfers import TransferBill
from wxsandbox.people import fan_by_openid

if TYPE_CHECKING:
    from wxsandbox.box import Box

LEAST_FEN, RED_MOST_FEN = 10, 20_000
# From here on the name of who gets it is required, and below this it is not taken.
NAME_FROM_FEN, NAME_NEVER_BELOW_FEN = 200_000, 30


@dataclass(frozen=True)
class Scene:
    """What a scene shows the person (the first by itself), what must be reported, and whether it may be a packet."""

    shows: tuple[str, ...]
    reports: tuple[str, ...]
    packet: bool = False


SCENES = {
    "1000": Scene(("活动奖励", "现金奖励"), ("活动名称", "奖励说明"), packet=True),
    "1005": Scene(("劳务报酬", "报销款", "企业补贴", "开工利是"), ("岗位类型", "报酬说明")),
    "1011": Scene(("退款", "商家赔付"), ("赔付原因",)),
}


def check(box: "Box", caller: PayMerchant, asked: TransferBill, serial: str, *, payer: PayMerchant) -> str:
    """Refuse what WeChat would; gives the name of who shall get it, opened, or "" without one."""
    scene = _scene(caller, payer, asked)
    if not LEAST_FEN <= asked.transfer_amount <= payer.transfer_most_fen:
        raise invalid("超过单笔转账上下限，核实产品设置是否准确")
    style = "CONFIRM_PAGE" if asked.user_recv_style is UNSET else asked.user_recv_style.type
    if style == "RED_PACKET" and (not scene.packet or asked.transfer_amount > RED_MOST_FEN):
        issue = "only some scenes, at most 20000"
        raise wrong_field("/user_recv_style/type", issue, "当前转账场景或金额不支持红包样式", value=style)
    if fan_by_openid(box, asked.appid, asked.openid) is None:
        raise wrong_field("/openid", "is not an openid of this appid", "appid和openid不匹配")
    name = _name(caller, asked, serial)
    today = money.day_of(box.clock.now())
    rows: list[PayTransfer] = box.state.table(PayTransfer).by("mchid_day", f"{payer.id}/{today}")
    sent = sum(row.amount_fen for row in rows if row.state == "SUCCESS" or row.state not in ENDED)
    if sent + asked.transfer_amount > payer.transfer_day_fen:
        raise invalid("超出商户单日转账额度")
    # What is held for sharing is not there to be given away.
    if asked.transfer_amount > payer.balance_fen - payer.held_fen:
        raise PayRefused(403, "NOT_ENOUGH", "商户账户可用余额不足，请充值后使用原单重试")
    return name


def _scene(caller: PayMerchant, payer: PayMerchant, asked: TransferBill) -> Scene:
    # An account of the provider's, or of the merchant it acts for.
    orders.bound(payer if asked.appid in payer.appids else caller, asked.appid)
    scene = SCENES.get(asked.transfer_scene_id)
    if scene is None or asked.transfer_scene_id in payer.closed_scenes:
        raise invalid("转账场景ID不存在或未开通，请检查")
    reported = () if asked.transfer_scene_report_infos is UNSET else asked.transfer_scene_report_infos
    if not reported:
        raise PayRefused(400, "PARAM_ERROR", "需传入转账场景报备信息，请检查")
    if sorted(one.info_type for one in reported) != sorted(scene.reports):
        raise PayRefused(400, "PARAM_ERROR", "未传入完整且对应的转账场景报备信息，请根据接口文档检查")
    if asked.user_recv_perception is not UNSET and asked.user_recv_perception not in scene.shows:
        raise invalid("暂不支持展示当前传入的用户收款感知")
    return scene


def _name(caller: PayMerchant, asked: TransferBill, serial: str) -> str:
    if asked.user_name is UNSET:
        if asked.transfer_amount >= NAME_FROM_FEN:
            words = "转账金额大于等于2000元时，收款用户姓名必填"
            raise wrong_field("/user_name", "is required from 200000 on", words)
        return ""
    if asked.transfer_amount < NAME_NEVER_BELOW_FEN:
        raise wrong_field("/user_name", "is not taken below 30", "转账金额小于0.3元时，不支持传入收款用户姓名")
    if not serial:
        raise PayRefused(400, "PARAM_ERROR", "HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)")
    keys = {one.serial: one.private_pem for one in caller.certificates}
    if caller.public_key_id:
        keys[caller.public_key_id] = caller.platform_private_pem
    if serial not in keys:
        raise PayRefused(400, "PARAM_ERROR", "平台证书序列号Wechatpay-Serial错误")
    opened = crypto.decrypt_field(keys[serial], asked.user_name)
    if opened is None:
        raise wrong_field("/user_name", "cannot be decrypted", "收款用户姓名解密失败，请使用微信支付公钥加密")
    return opened
