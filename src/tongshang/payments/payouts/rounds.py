"""What staff send at once: the same amount with the same words, to one person or to some; a promise for each."""

from collections.abc import Mapping, Sequence
from uuid import NAMESPACE_OID, UUID, uuid5

from tongshang.payments.payouts import payouts, rules
from tongshang.payments.payouts.model import Face, Round
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Mismatch
from tongshang.platform.money import Fen

COLUMNS = "id, face, reason, amount_fen, people, remark, report, fan_ids, staff_id, staff_name, sent_at"
ONE = f"select {COLUMNS} from payout_round where merchant_id = $1 and id = $2"
PEOPLE_MOST = 100


async def send(
    tx: Tx,
    *,
    round_id: UUID,
    fans: Sequence[UUID],
    face: Face,
    amount_fen: Fen,
    reason: str,
    report: Mapping[str, str],
    remark: str,
    name: str,
    staff_id: UUID,
    staff_name: str,
) -> Round:
    """Promise everybody `amount_fen`; all of them or nobody. Asking twice under one id is asking once.

    A `name` is one person's, so it goes with one alone. Raises what `payouts.promise` raises, Mismatch.
    """
    people = sorted(set(fans))
    if not 1 <= len(people) <= PEOPLE_MOST:
        raise Invalid(field="fan_ids", problem=f"1-{PEOPLE_MOST}")
    if name.strip() and len(people) > 1:
        raise Invalid(field="name", problem="only for one person", zh="只有付给一人时才可填写")
    words = (face, reason, amount_fen, remark.strip(), dict(report), people)
    if known := await tx.first(Round, ONE, tx.merchant, round_id):
        if (known.face, known.reason, known.amount_fen, known.remark, known.report, sorted(known.fan_ids)) != words:
            raise Mismatch
        return known
    # Before anything is written: what is wrong for one is wrong for all.
    payouts.check(rules.at(tx.now), reason=reason, report=report, remark=remark.strip(), face=face, name=name.strip())
    row = Round(round_id, face, reason, amount_fen, len(people), remark.strip(), dict(report), people, staff_id,
                staff_name, tx.now)  # fmt: skip
    await tx.insert("payout_round", row)
    for fan in people:
        await payouts.promise(
            tx, payout_id=uuid5(NAMESPACE_OID, f"{round_id}/{fan}"), fan_id=fan, amount_fen=amount_fen, reason=reason,
            report=report, remark=remark, face=face, name=name, round_id=round_id,
        )  # fmt: skip
    return row
