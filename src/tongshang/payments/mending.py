"""Mending: a refund that got stuck because the payer's account is gone is sent on to a bank card of his.

The card's number and name go to WeChat, encrypted, and are kept nowhere here. Asking again is harmless: WeChat knows
the refund by its number, and takes a card only while it is stuck.
"""

import re
from dataclasses import dataclass, field
from uuid import UUID

from tongshang.payments import accounts, refunding, refunds
from tongshang.payments.model import RefundState, Way
from tongshang.platform.errors import Invalid, Refused
from tongshang.platform.world import World
from weixin.products.pay.refunds import mend_refund

# Debit cards of these alone (pay.weixin.qq.com/doc/v3/merchant/4012791864, 2026-11).
BANKS = {
    "ICBC_DEBIT": "工商银行", "ABC_DEBIT": "农业银行", "BOC_DEBIT": "中国银行", "CCB_DEBIT": "建设银行",
    "COMM_DEBIT": "交通银行", "CMB_DEBIT": "招商银行", "PSBC_DEBIT": "邮政储蓄银行", "CITIC_DEBIT": "中信银行",
    "CEB_DEBIT": "光大银行", "CMBC_DEBIT": "民生银行", "CIB_DEBIT": "兴业银行", "SPDB_DEBIT": "浦发银行",
    "PAB_DEBIT": "平安银行", "GDB_DEBIT": "广发银行", "NBCB_DEBIT": "宁波银行",
}  # fmt: skip
ACCOUNT = re.compile(r"[0-9]{12,19}")


class NotStuck(Refused):
    """This refund is not stuck at WeChat Pay: there is nothing to send to a card."""

    code, status, zh = "refund.not_stuck", 409, "这笔退款不是“退款异常”状态，不能改退到银行卡。"


@dataclass(frozen=True)
class Card:
    """A payer's debit card."""

    bank: str
    account: str = field(repr=False)
    name: str = field(repr=False)

    def checked(self) -> "Card":
        """Refuse what cannot be a card."""
        account, name = self.account.replace(" ", ""), self.name.strip()
        if self.bank not in BANKS:
            raise Invalid(field="bank", problem="unknown")
        if not ACCOUNT.fullmatch(account):
            raise Invalid(field="account", problem="digits, 12-19")
        if not 2 <= len(name) <= 30:
            raise Invalid(field="name", problem="2-30")
        return Card(self.bank, account, name)


async def mend(world: World, merchant: UUID, *, refund: UUID, card: Card) -> None:
    """Send a stuck refund on to a card; accepted is not done, the notice or a query says done. Raises NotStuck."""
    card = card.checked()
    async with world.tx(merchant) as tx:
        newest = (await refunds.tries(tx, refund=(await refunds.get(tx, refund=refund)).id))[0]
        asked, number, paid = await refunds.lock_try(tx, number=newest.id)
        if asked.state is not RefundState.ABNORMAL or number.wx_refund_id is None or paid.kind is Way.OFFLINE:
            raise NotStuck
        till = await accounts.till(tx, account=paid.account_id)
    told = await mend_refund(
        till.client,
        refund_id=number.wx_refund_id,
        out_refund_no=number.wx_number,
        bank=card.bank,
        account=card.account,
        name=card.name,
        sub_mchid=till.sub_mchid,
    )
    await refunding.take_note(world, merchant, told)
