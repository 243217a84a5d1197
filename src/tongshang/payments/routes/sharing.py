"""The console's profit sharing: who gets a part by which rule, what was shared, and what a person decides."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, put
from litestar.params import Parameter
from litestar.types import ControllerRouterHandler

from tongshang.payments.sharing import owed, queries, receivers, returns, settings, splits
from tongshang.payments.sharing.model import Base, Purpose, ReceiverKind, Relation, SplitState
from tongshang.platform.errors import Invalid
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

MANAGER, OWNER = {"role": Role.MANAGER}, {"role": Role.OWNER}
STATES = {"", "attention", *(state.value for state in SplitState)}


class SettingAsked(msgspec.Struct, forbid_unknown_fields=True):
    """How a merchant wants to share."""

    enabled: bool
    hold_days: int
    max_per_myriad: int


class SettlementAsked(msgspec.Struct, forbid_unknown_fields=True):
    """What became of shares that came back in vain: paid (by hand) or kept, and why."""

    how: str
    note: str


class ReceiverAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Who shall get a part, and how much; an empty name leaves the one that is there."""

    kind: ReceiverKind
    account: str
    label: str
    purpose: Purpose
    per_myriad: int
    name: str = ""
    relation: Relation = Relation.PARTNER
    custom_relation: str = ""
    base: Base = Base.PAID

    def wish(self) -> receivers.Wish:
        """Give what is wanted, without blanks around the words."""
        return receivers.Wish(
            self.kind, self.account.strip(), self.name.strip(), self.relation, self.custom_relation.strip(),
            self.label.strip(), self.purpose, self.per_myriad, self.base,
        )  # fmt: skip


@get("/sharing", operation_id="get_sharing", opt=MANAGER)
async def get_sharing(who: Staff) -> queries.SharingView:
    """Show how the merchant shares, with whom, and how much waits for a person."""
    async with who.tx() as tx:
        return await queries.setup(tx)


@put("/sharing/settings", operation_id="put_sharing_settings", opt=OWNER)
async def put_settings(who: Staff, data: SettingAsked) -> queries.SharingView:
    """Switch sharing on or off, and say how long after the payment shares are paid out."""
    async with who.tx() as tx:
        await settings.save(tx, enabled=data.enabled, hold_days=data.hold_days, max_per_myriad=data.max_per_myriad)
        return await queries.setup(tx)


@put("/sharing/receivers/{receiver_id:uuid}", operation_id="put_sharing_receiver", opt=OWNER)
async def put_receiver(who: Staff, receiver_id: UUID, data: ReceiverAsked) -> queries.ReceiverView:
    """Have somebody get a part by a rule; payments made under the old rule are shared by the old one."""
    async with who.tx() as tx:
        return queries.receiver_view(await receivers.put(tx, receiver_id=receiver_id, wish=data.wish()))


@delete("/sharing/receivers/{receiver_id:uuid}", operation_id="delete_sharing_receiver", opt=OWNER)
async def delete_receiver(who: Staff, receiver_id: UUID) -> None:
    """Take somebody off the list; what he got he keeps."""
    async with who.tx() as tx:
        await receivers.remove(tx, receiver=receiver_id)


@get("/sharing/splits", operation_id="list_splits", opt=MANAGER)
async def list_splits(
    who: Staff,
    section: Annotated[str, Parameter(query="state")] = "",
    order_id: UUID | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> queries.SplitPage:
    """List what is shared of payments, newest first."""
    if section not in STATES:
        raise Invalid(field="state", problem="unknown")
    async with who.tx() as tx:
        return await queries.splits(tx, state=section, order=order_id, after=after, limit=limit)


@put("/sharing/splits/{split_id:uuid}/repetition", operation_id="repeat_split", opt=MANAGER)
async def repeat_split(who: Staff, split_id: UUID) -> queries.SplitView:
    """Share what failed once more."""
    async with who.tx() as tx:
        await splits.again(tx, split_id=split_id)
        return await queries.one(tx, split=split_id)


@put("/sharing/splits/{split_id:uuid}/release", operation_id="release_split", opt=MANAGER)
async def release_split(who: Staff, split_id: UUID) -> queries.SplitView:
    """Give up what failed, and have the rest set free."""
    async with who.tx() as tx:
        await splits.give_up(tx, split_id=split_id)
        return await queries.one(tx, split=split_id)


@put("/sharing/returns/{return_id:uuid}/repetition", operation_id="repeat_return", opt=MANAGER)
async def repeat_return(who: Staff, return_id: UUID) -> queries.SplitView:
    """Ask for a share once more; the refund waits for it."""
    async with who.tx() as tx:
        back = await returns.again(tx, return_id=return_id)
        return await queries.one(tx, split=back.split_id)


@put("/sharing/returns/{return_id:uuid}/waiver", operation_id="waive_return", opt=MANAGER)
async def waive_return(who: Staff, return_id: UUID) -> queries.SplitView:
    """Let a share stay where it is: the merchant bears it, and the refund goes."""
    async with who.tx() as tx:
        back = await returns.leave(tx, return_id=return_id)
        return await queries.one(tx, split=back.split_id)


@put("/sharing/refunds/{refund_id:uuid}/settlement", operation_id="settle_returned_shares", opt=MANAGER)
async def settle_returned(who: Staff, refund_id: UUID, data: SettlementAsked) -> queries.SplitView:
    """Say what became of shares that came back for a refund which WeChat then closed."""
    async with who.tx() as tx:
        split = await owed.settle(tx, refund=refund_id, how=data.how, note=data.note)
        return await queries.one(tx, split=split)


console: list[ControllerRouterHandler] = [
    get_sharing, put_settings, put_receiver, delete_receiver, list_splits, repeat_split, release_split, repeat_return,
    waive_return, settle_returned,
]  # fmt: skip
