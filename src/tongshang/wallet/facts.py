"""What the wallet publishes. `yuan` is the amount for people."""

from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class _WalletFact(Fact, frozen=True):
    fan_id: UUID
    recharge_id: UUID
    amount_fen: int
    yuan: str

    def subjects(self) -> tuple[UUID, ...]:
        """List the fan and the recharge."""
        return (self.fan_id, self.recharge_id)


class WalletRecharged(_WalletFact, frozen=True):
    """Somebody paid ahead; principal and bonus are in his wallet."""

    kind: ClassVar[str] = "wallet.recharged"
    zh: ClassVar[str] = "储值 ¥{yuan} 已到账，赠送 ¥{bonus_yuan}"
    en: ClassVar[str] = "¥{yuan} paid ahead, ¥{bonus_yuan} given with it"
    bonus_fen: int = 0
    bonus_yuan: str = "0.00"


class RechargeReturnAsked(_WalletFact, frozen=True):
    """What is left of a recharge was promised back."""

    kind: ClassVar[str] = "wallet.return_asked"
    zh: ClassVar[str] = "储值退款 ¥{yuan} 已发起"
    en: ClassVar[str] = "Return of ¥{yuan} paid ahead was asked for"


class RechargeReturned(_WalletFact, frozen=True):
    """What was left of a recharge is back with who paid it."""

    kind: ClassVar[str] = "wallet.returned"
    zh: ClassVar[str] = "储值退款 ¥{yuan} 已退回"
    en: ClassVar[str] = "¥{yuan} paid ahead was returned"
