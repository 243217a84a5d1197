"""What the console reads of profit sharing: how it is set up, and what was shared of each payment, in pages."""

from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.payments import accounts, limits
from tongshang.payments.model import Mode
from tongshang.payments.queries import Named, named
from tongshang.payments.sharing import owed, receivers, returns, settings, shares
from tongshang.payments.sharing.model import Receiver, Return, Share, Split
from tongshang.payments.sharing.owed import Owed
from tongshang.payments.sharing.splits import COLUMNS
from tongshang.platform.db import Tx
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor

SPLITS = f"""
select {COLUMNS} from sharing_split where merchant_id = $1
  and ($2 = '' or state = $2 or ($2 = 'attention' and (state = 'stuck' or exists (
    select from sharing_return r where r.merchant_id = $1 and r.split_id = sharing_split.id and r.state = 'failed')
    or id = any($7))))
  and ($3::uuid is null or subject_id = $3)
  and ($4::timestamptz is null or (opened_at, id) < ($4, $5)) order by opened_at desc, id desc limit $6"""
COUNTS = """
select (select count(*) from sharing_split where merchant_id = $1 and state = 'stuck')::int as stuck,
  (select count(*) from sharing_return where merchant_id = $1 and state = 'failed')::int as not_returned,
  (select count(*) from sharing_split where merchant_id = $1 and state = 'waiting')::int as waiting,
  $2::int as owed"""


class ReceiverView(msgspec.Struct, frozen=True):
    """A receiver as the console shows it; of the name only what may be seen."""

    id: UUID
    kind: str
    account: str
    name_shown: str
    relation: str
    custom_relation: str
    label: str
    purpose: str
    per_myriad: int
    base: str
    state: str
    problem: str
    added_at: datetime


class Counts(msgspec.Struct, frozen=True):
    """How much waits for a person, and how much for its day."""

    stuck: int
    not_returned: int
    waiting: int
    owed: int


class SharingView(msgspec.Struct, frozen=True):
    """How a merchant shares; `mode` is empty before WeChat Pay is set up."""

    enabled: bool
    hold_days: int
    max_per_myriad: int
    most_hold_days: int
    held_days: int
    usual_per_myriad: int
    mode: str
    sub_mode: bool
    receivers: list[ReceiverView]
    counts: Counts


class ReturnView(msgspec.Struct, frozen=True):
    """A share asked back because of a refund."""

    id: UUID
    refund_id: UUID
    amount_fen: int
    state: str
    problem: str
    tries: int
    asked_at: datetime
    ended_at: datetime | None


class ShareView(msgspec.Struct, frozen=True):
    """One receiver's part."""

    id: UUID
    label: str
    account: str
    purpose: str
    per_myriad: int
    base: str
    amount_fen: int
    state: str
    problem: str
    asked_back_fen: int
    returned_fen: int
    left_fen: int
    paid_at: datetime | None
    returns: list[ReturnView]


class OwedView(msgspec.Struct, frozen=True):
    """Shares that came back for a refund which WeChat then closed; `whose` names receivers and amounts."""

    refund_id: UUID
    amount_fen: int
    problem: str
    whose: list[str]


class SplitView(msgspec.Struct, frozen=True):
    """What is shared of one payment; `order_number` is what people call it."""

    id: UUID
    order_id: UUID
    order_number: str
    state: str
    problem: str
    paid_fen: int
    base_fen: int | None
    unwound_fen: int
    due_at: datetime
    held_until: datetime
    opened_at: datetime
    ended_at: datetime | None
    shares: list[ShareView]
    owed: list[OwedView]


class SplitPage(msgspec.Struct, frozen=True):
    """A page of payments that are, or were, shared."""

    items: list[SplitView]
    next: str | None
    counts: Counts


async def setup(tx: Tx) -> SharingView:
    """Show how the merchant shares, and with whom."""
    setting, account, allowed = await settings.current(tx), await accounts.in_use(tx), limits.at(tx.now)
    return SharingView(
        enabled=setting.enabled,
        hold_days=setting.hold_days,
        max_per_myriad=setting.max_per_myriad,
        most_hold_days=settings.MOST_DAYS,
        held_days=allowed.share_held.days,
        usual_per_myriad=allowed.share_per_myriad,
        mode=account.mode.value if account else "",
        sub_mode=account is not None and account.mode is Mode.PARTNER,
        receivers=[receiver_view(one) for one in await receivers.everyone(tx)],
        counts=await _counts(tx, await owed.everything(tx)),
    )


async def _counts(tx: Tx, found: list[Owed]) -> Counts:
    return await tx.one(Counts, COUNTS, tx.merchant, len(found))


def receiver_view(one: Receiver) -> ReceiverView:
    """Show a receiver without the name."""
    return ReceiverView(
        one.id, one.kind, one.account, one.name_shown, one.relation, one.custom_relation, one.label, one.purpose,
        one.per_myriad, one.base, one.state, one.problem, one.added_at,
    )  # fmt: skip


async def splits(
    tx: Tx, *, state: str = "", order: UUID | None = None, after: str | None = None, limit: int | None = None
) -> SplitPage:
    """List what is shared, newest payments first; state `attention` is what waits for a person."""
    most = limit_of(limit)
    at, id = read_cursor(after, datetime, UUID) if after else (None, None)
    still = await owed.everything(tx)
    waits = [one.split_id for one in still]
    found = await tx.all(Split, SPLITS, tx.merchant, state, order, at, id, most + 1, waits)
    page: Page[Split] = page_of(found, most, lambda row: (row.opened_at, row.id))
    return SplitPage(await _views(tx, page.items), page.next, await _counts(tx, still))


async def _views(tx: Tx, found: list[Split]) -> list[SplitView]:
    ids = [one.id for one in found]
    shared = await shares.of_splits(tx, splits=ids)
    back = await returns.of_splits(tx, found=ids)
    people = await receivers.by_id(tx, ids=[one.receiver_id for one in shared])
    still = await owed.of_splits(tx, found=ids)
    whose = await owed.whose(tx, found=still)
    names = await named(tx, [one.subject_id for one in found])
    return [
        SplitView(
            one.id, *names.get(one.subject_id, Named(one.subject_id, "")), one.state, one.problem, one.paid_fen,
            one.base_fen, one.unwound_fen, one.due_at, one.held_until, one.opened_at, one.ended_at,
            [_share(share, people[share.receiver_id], back) for share in shared if share.split_id == one.id],
            [OwedView(o.refund_id, o.amount_fen, o.problem, whose[o.refund_id]) for o in still if o.split_id == one.id],
        )
        for one in found
    ]  # fmt: skip


def _share(one: Share, whose: Receiver, back: list[Return]) -> ShareView:
    return ShareView(
        one.id, whose.label, whose.account, one.purpose, one.per_myriad, one.base, one.amount_fen, one.state,
        one.problem, one.asked_back_fen, one.returned_fen, one.left_fen, one.paid_at,
        [
            ReturnView(r.id, r.refund_id, r.amount_fen, r.state, r.problem, r.tries, r.asked_at, r.ended_at)
            for r in back
            if r.share_id == one.id
        ],
    )  # fmt: skip


async def one(tx: Tx, *, split: UUID) -> SplitView:
    """Show what is shared of one payment; raises NotFound."""
    found = await tx.one(Split, f"select {COLUMNS} from sharing_split where merchant_id = $1 and id = $2",
                         tx.merchant, split)  # fmt: skip
    return (await _views(tx, [found]))[0]
