"""Receivers: who gets a part by which rule, and telling WeChat of them. Names are sealed, and sent encrypted."""

import re
from dataclasses import dataclass, field
from uuid import UUID

from tongshang.payments import accounts, limits
from tongshang.payments.accounts import NoPayAccount, PayAccount
from tongshang.payments.model import Mode
from tongshang.payments.sharing import settings
from tongshang.payments.sharing.facts import ReceiverChanged
from tongshang.payments.sharing.model import (
    RECEIVER,
    Base,
    Purpose,
    Receiver,
    ReceiverKind,
    ReceiverState,
    Relation,
)
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Mismatch, Refused
from tongshang.platform.world import World
from weixin.errors import PayError
from weixin.products import pay

COLUMNS = """id, account_id, kind, account, name_sealed, name_shown, relation, custom_relation, label, purpose,
  per_myriad, base, state, problem, added_at, changed_at"""
ALL = f"""select {COLUMNS} from sharing_receiver where merchant_id = $1 and state <> 'removed'
order by added_at, id"""
ONE = f"select {COLUMNS} from sharing_receiver where merchant_id = $1 and id = $2"
SAME = """select id from sharing_receiver
where merchant_id = $1 and account_id = $2 and kind = $3 and account = $4 and state <> 'removed'"""
COUNT = """select count(*) from sharing_receiver
where merchant_id = $1 and account_id = $2 and state in ('adding', 'active')"""
OF_ACCOUNT = f"""select {COLUMNS} from sharing_receiver
where merchant_id = $1 and account_id = $2 and state = 'active' order by added_at, id"""
BY_IDS = f"select {COLUMNS} from sharing_receiver where merchant_id = $1 and id = any($2)"
TERMS = """
update sharing_receiver set label = $3, purpose = $4, per_myriad = $5, base = $6, changed_at = $7
where merchant_id = $1 and id = $2"""
RENAME = """
update sharing_receiver set name_sealed = coalesce($3, name_sealed), name_shown = coalesce($4, name_shown),
  relation = $5, custom_relation = $6, state = 'adding', problem = '', changed_at = $7
where merchant_id = $1 and id = $2 and state = any($8)"""
# An answer about other words than those that stand now is no answer.
MOVE = """
update sharing_receiver set state = $3, problem = $4 where merchant_id = $1 and id = $2 and state = any($5)"""
SEALED = "sharing_receiver.name_sealed"
ACCOUNTS = {ReceiverKind.MERCHANT: re.compile(r"[0-9]{6,32}")}
OPENID = re.compile(r"[0-9A-Za-z_-]{1,64}")


class AlreadyThere(Refused):
    """This account is on the list already."""

    code, status, zh = "sharing.receiver_there", 409, "该账号已在接收方列表中。"


class TooManyReceivers(Refused):
    """WeChat Pay shares one order with at most {most} receivers."""

    code, status, zh = "sharing.too_many_receivers", 409, "一笔订单最多分给 {most} 个接收方。"


class ReceiverGone(Refused):
    """This receiver was taken off the list."""

    code, status, zh = "sharing.receiver_gone", 409, "该接收方已删除，请重新添加。"


@dataclass(frozen=True)
class Wish:
    """What somebody wants to be true of a receiver; an empty name leaves the one that is there."""

    kind: ReceiverKind
    account: str
    name: str = field(repr=False)
    relation: Relation
    custom_relation: str
    label: str
    purpose: Purpose
    per_myriad: int
    base: Base

    def check(self, mode: Mode) -> None:
        """Refuse what cannot be a receiver."""
        custom = self.relation is Relation.CUSTOM
        rules = (
            ("account", ACCOUNTS.get(self.kind, OPENID).fullmatch(self.account), "WeChat Pay's form"),
            ("kind", self.kind is not ReceiverKind.SUB_PERSON or mode is Mode.PARTNER, "provider only"),
            ("name", len(self.name) <= 60, "≤ 60"),
            ("custom_relation", (0 < len(self.custom_relation) <= 10) == custom, "1-10"),
            ("label", 0 < len(self.label) <= 40, "1-40"),
            ("per_myriad", 0 <= self.per_myriad <= 10_000, "0-10000"),
        )
        for name, good, problem in rules:
            if not good:
                raise Invalid(field=name, problem=problem)


async def put(tx: Tx, *, receiver_id: UUID, wish: Wish) -> Receiver:
    """Have somebody get a part by a rule; the same id is the same account.

    Raises Invalid, Mismatch, AlreadyThere, TooManyReceivers, ReceiverGone, TooGenerous, NoPayAccount.
    """
    setting = await settings.hold(tx)
    known = await tx.first(Receiver, ONE, tx.merchant, receiver_id)
    account = await (accounts.get(tx, account=known.account_id) if known else accounts.in_use(tx))
    if account is None:
        raise NoPayAccount
    wish.check(account.mode)
    if known is None:
        await _add(tx, receiver_id, account, wish)
    else:
        await _change(tx, known, wish)
    await settings.check(tx, most=setting.max_per_myriad)
    await settings.apply(tx)
    return await tx.one(Receiver, ONE, tx.merchant, receiver_id)


async def _add(tx: Tx, id: UUID, account: PayAccount, wish: Wish) -> None:
    if wish.kind is ReceiverKind.MERCHANT and not wish.name:
        raise Invalid(field="name", problem="the merchant's full name is required", zh="须填写商户全称")
    if await tx.value(SAME, tx.merchant, account.id, wish.kind.value, wish.account):
        raise AlreadyThere
    most = limits.at(tx.now).share_receivers
    if await tx.value(COUNT, tx.merchant, account.id) >= most:
        raise TooManyReceivers(most=most)
    receiver = Receiver(
        id, account.id, wish.kind, wish.account, _sealed(tx, wish.name), shown(wish.name), wish.relation,
        wish.custom_relation, wish.label, wish.purpose, wish.per_myriad, wish.base, RECEIVER.start, "", tx.now, tx.now,
    )  # fmt: skip
    await tx.insert("sharing_receiver", receiver)
    await tx.emit(ReceiverChanged(id))


async def _change(tx: Tx, known: Receiver, wish: Wish) -> None:
    if (known.kind, known.account) != (wish.kind, wish.account):
        raise Mismatch
    if known.state in (ReceiverState.REMOVING, ReceiverState.REMOVED):
        raise ReceiverGone
    terms = (wish.label, wish.purpose.value, wish.per_myriad, wish.base.value)
    await tx.run(TERMS, tx.merchant, known.id, *terms, tx.now)
    same = (known.relation, known.custom_relation) == (wish.relation, wish.custom_relation)
    named = wish.name and (known.name_sealed is None or tx.unseal(SEALED, known.name_sealed).decode() != wish.name)
    if named or not same or known.state is ReceiverState.REFUSED:
        sealed, seen = (_sealed(tx, wish.name), shown(wish.name)) if named else (None, None)
        words = (sealed, seen, wish.relation.value, wish.custom_relation, tx.now)
        await tx.run(RENAME, tx.merchant, known.id, *words, RECEIVER.sources("change"))
        await tx.emit(ReceiverChanged(known.id))


async def remove(tx: Tx, *, receiver: UUID) -> None:
    """Take a receiver off the list: nothing is shared with him any more. Harmless when repeated; raises NotFound."""
    await settings.hold(tx)
    await tx.one(Receiver, ONE, tx.merchant, receiver)
    if await tx.run(MOVE, tx.merchant, receiver, ReceiverState.REMOVING.value, "", RECEIVER.sources("remove")):
        await settings.apply(tx)
        await tx.emit(ReceiverChanged(receiver))


async def everyone(tx: Tx) -> list[Receiver]:
    """List the receivers, oldest first."""
    return await tx.all(Receiver, ALL, tx.merchant)


async def of_account(tx: Tx, *, account: UUID) -> list[Receiver]:
    """List who gets a part of what is paid to an account now."""
    return await tx.all(Receiver, OF_ACCOUNT, tx.merchant, account)


async def by_id(tx: Tx, *, ids: list[UUID]) -> dict[UUID, Receiver]:
    """Find receivers, also those who were taken off the list."""
    return {one.id: one for one in await tx.all(Receiver, BY_IDS, tx.merchant, ids)}


async def tell(world: World, merchant: UUID, *, receiver: UUID) -> None:
    """Tell WeChat of a receiver: added, changed or gone. Raises Unreachable; PayError when it will not forget one."""
    async with world.tx(merchant) as tx:
        one = await tx.one(Receiver, ONE, tx.merchant, receiver)
        till = await accounts.till(tx, account=one.account_id)
        name = tx.unseal(SEALED, one.name_sealed).decode() if one.name_sealed else ""
    account = till.account
    appid = account.sp_appid or account.appid
    whose = {"appid": appid, "sub_mchid": till.sub_mchid, "sub_appid": account.appid if account.sp_appid else None}
    if one.state is ReceiverState.REMOVING:
        await pay.delete_receiver(till.client, type=one.kind.value, account=one.account, **whose)  # type: ignore[arg-type]
        async with world.tx(merchant) as tx:
            await tx.run(MOVE, tx.merchant, one.id, ReceiverState.REMOVED.value, "", RECEIVER.sources("forget"))
        return
    if one.state is not ReceiverState.ADDING:
        return
    words = pay.Receiver(one.kind.value, one.account, name, one.relation.value, one.custom_relation)
    state, problem, ratio = ReceiverState.ACTIVE, "", None
    try:
        await pay.add_receiver(till.client, words, **whose)  # type: ignore[arg-type]
        ratio = await pay.max_ratio(till.client, sub_mchid=till.sub_mchid) if till.sub_mchid else None
    except PayError as refused:
        state, problem = ReceiverState.REFUSED, f"{refused.code} {refused.message}"
    await _told(world, merchant, one, state, problem, ratio)


async def _told(
    world: World, merchant: UUID, one: Receiver, state: ReceiverState, problem: str, ratio: int | None
) -> None:
    move = "accept" if state is ReceiverState.ACTIVE else "refuse"
    async with world.tx(merchant) as tx:
        if ratio is not None:
            await settings.lower(tx, ratio=ratio)
        now = await tx.one(Receiver, ONE + " for update", tx.merchant, one.id)
        # Another name meanwhile: another telling is on its way.
        if (now.name_sealed, now.relation, now.custom_relation) != (one.name_sealed, one.relation, one.custom_relation):
            return
        await tx.run(MOVE, tx.merchant, one.id, state.value, problem, RECEIVER.sources(move))
        await settings.apply(tx)


def shown(name: str) -> str:
    """Give what may be seen of a name: its first and last letters."""
    return f"{name[0]}{'*' * min(len(name) - 2, 6)}{name[-1]}" if len(name) > 2 else f"{name[:1]}*" if name else ""


def _sealed(tx: Tx, name: str) -> bytes | None:
    return tx.seal(SEALED, name.encode()) if name else None
