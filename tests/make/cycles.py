"""Every life cycle there is, and what must be true of each state: who leads on from it, which postings stand behind it.

A machine that is not named here fails `tests/pure/test_machines.py`, and so does a state of one that is.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import tongshang
from tongshang.platform.db import Tx
from tongshang.platform.machine import Machine

PERSON = "a person"
"""Somebody has to decide, and a page shows him that he has to."""
Kinds = tuple[str, ...]


@dataclass(frozen=True)
class Money:
    """Which postings stand behind a row in each state, and the SQL that lists them: (state, source, kind, fen)."""

    kinds: Mapping[str, Kinds]
    owed: str


@dataclass(frozen=True)
class Cycle:
    """What is declared of a machine.

    `rests` are the states that may last for ever; `led` says of every other one who leads on from it: reactions and
    duties by their names, or a person. `money` is a reason, in words, where the machine moves none.
    """

    rests: Kinds
    led: Mapping[str, Kinds]
    money: Money | str


def every() -> dict[str, Machine[StrEnum]]:
    """Find every machine of the platform, by context and name."""
    found = {}
    for module in pkgutil.walk_packages(tongshang.__path__, "tongshang."):
        if module.name.endswith(".model"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, Machine):
                    found[f"{module.name.split('.')[1]}.{name}"] = value
    return found


PAID = ("payment", "offline_payment")
CHARGED = """select c.state, a.id, case a.kind when 'offline' then 'offline_payment' else 'payment' end, c.amount_fen
from charge c join charge_attempt a on a.merchant_id = c.merchant_id and a.id = c.paid_attempt_id
where c.merchant_id = $1 and c.state = 'paid'"""
ATTEMPTED = """select state, id, case when state = 'stray' then 'stray_payment'
  when kind = 'offline' then 'offline_payment' else 'payment' end, paid_fen
from charge_attempt where merchant_id = $1 and state in ('paid', 'stray')"""
# A refund has a number at WeChat for each time it was promised; only its newest says where it stands.
REFUNDED = """select r.state, n.id, x.kind, r.amount_fen from refund r
join refund_attempt n on n.merchant_id = r.merchant_id and n.refund_id = r.id
cross join lateral (values ('refund_promised', true), ('refund_settled', n.state = 'settled'),
  ('refund_released', n.state = 'closed')) x(kind, is_so)
where r.merchant_id = $1 and x.is_so"""
PRESOLD = """select b.state, b.id, x.kind, o.deposit_fen from order_balance b
join orders o on o.merchant_id = b.merchant_id and o.id = b.order_id
cross join lateral (select exists (select from order_refund r where r.merchant_id = $1 and r.id = b.refund_id) as back,
  o.state = 'deposit' or b.state in ('paid', 'missed') as came) s
cross join lateral (values ('deposit', s.came or s.back), ('deposit_earned', b.state = 'paid'),
  ('deposit_kept', b.state = 'missed' or s.back), ('deposit_returned', s.back)) x(kind, is_so)
where b.merchant_id = $1 and x.is_so"""
# Released: under an earlier number, before it was promised anew.
PROMISED: Kinds = ("refund_promised", "refund_released")
CYCLES: dict[str, Cycle] = {
    "payments.CHARGE": Cycle(
        ("closed", "paid"),
        {"open": ("payments.watch_charge",), "closing": ("payments.close_charge",)},
        Money({"open": (), "closing": (), "closed": (), "paid": PAID}, CHARGED),
    ),
    "payments.ATTEMPT": Cycle(
        ("closed", "paid", "stray"),
        {"active": ("payments.watch_charge", "payments.close_attempt", "payments.follow_code")},
        Money({"active": (), "closed": (), "paid": PAID, "stray": ("stray_payment",)}, ATTEMPTED),
    ),
    "payments.REFUND": Cycle(
        ("settled",),
        {
            "requested": ("payments.pursue_refund",),
            "sent": ("payments.pursue_refund",),
            "abnormal": ("payments.pursue_refund", PERSON),
            "closed": (PERSON,),
        },
        Money(
            {
                "requested": PROMISED,
                "sent": PROMISED,
                "abnormal": PROMISED,
                "closed": PROMISED,
                "settled": (*PROMISED, "refund_settled"),
            },
            REFUNDED,
        ),
    ),
    "trade.ORDER": Cycle(
        ("completed", "closed"),
        {
            "unpaid": ("trade.expire_order", "trade.mark_order_paid"),
            "closing": ("trade.close_order", "trade.mark_order_paid"),
            "deposit": ("presales.open_balance", "presales.close_presale", "presales.finish_presale"),
            "paid": (PERSON, "fulfilment.hand_out"),
            "shipped": ("trade.receive_order",),
        },
        "an order's money is its charges', tenders' and balances'",
    ),
    "trade.BALANCE": Cycle(
        ("paid", "missed", "dropped"),
        {
            "owed": ("presales.open_balance", "presales.close_presale", "trade.expire_order"),
            "closing": ("presales.finish_presale", "trade.mark_order_paid"),
        },
        Money(
            {
                "owed": ("deposit",),
                "closing": ("deposit",),
                "paid": ("deposit", "deposit_earned"),
                "missed": ("deposit", "deposit_kept", "deposit_returned"),
                "dropped": ("deposit", "deposit_kept", "deposit_returned"),
            },
            PRESOLD,
        ),
    ),
    "trade.PART": Cycle(
        ("done", "dropped"),
        {"waiting": (PERSON, "fulfilment.hand_out"), "sent": ("trade.receive_order",)},
        "goods, not money",
    ),
    "fulfilment.TICKET": Cycle(
        ("used", "expired", "refunded"), {"valid": ("fulfilment.expire_tickets", PERSON)}, "a right, not money"
    ),
    "aftersales.CASE": Cycle(
        ("done", "withdrawn", "closed"),
        {
            **dict.fromkeys(("asked", "agreed", "returning", "received", "replaced", "refused"),
                            ("aftersales.decide_when_due",)),
            "refunding": ("aftersales.settle_case",),
            "arbitration": (PERSON,),
        },
        "a case's money is its order's refund",
    ),
    "campaigns.PROMOTION": Cycle(
        ("draft", "on", "paused", "ended"), {}, "what it takes off is part of the order's price"
    ),
    "messages.PUBLICATION": Cycle(
        ("published", "failed", "unknown", "deleted"),
        {
            "asked": ("articles.submit_publication",),
            "sending": ("articles.submit_publication",),
            "waiting": ("articles.watch_publication", "articles.end_publication"),
        },
        "no money",
    ),
    "messages.BROADCAST": Cycle(
        ("draft", "finished", "failed", "cancelled", "deleted"),
        {
            "scheduled": ("broadcasts.send_broadcast",),
            "sending": ("broadcasts.send_broadcast",),
            "sent": ("broadcasts.watch_broadcast", "broadcasts.end_part"),
        },
        "no money",
    ),
    "messages.PART": Cycle(
        ("finished", "failed", "deleted"),
        {
            "waiting": ("broadcasts.send_broadcast",),
            "sending": ("broadcasts.send_broadcast",),
            "accepted": ("broadcasts.watch_broadcast", "broadcasts.end_part"),
        },
        "no money",
    ),
    "wechat.REGISTRATION": Cycle(
        ("done", "failed"),
        {"asked": ("registering.send_registration",), "waiting": ("registering.end_registration",)},
        "no money",
    ),
}  # fmt: skip
# Rows that move money and have no machine: in each of their states these postings stand behind them.
ROWS: dict[str, Money] = {
    "order_tender": Money(
        {"held": ("stored_principal_hold", "stored_bonus_hold"),
         "taken": ("stored_principal_hold", "stored_bonus_hold", "stored_principal_taken", "stored_bonus_taken"),
         "given_back": ("stored_principal_hold", "stored_bonus_hold", "stored_principal_release",
                        "stored_bonus_release")},
        """select t.state, t.order_id, t.kind || x.kind, t.amount_fen from order_tender t
        cross join lateral (values ('_hold', true), ('_taken', t.state = 'taken'), ('_release', t.state = 'given_back'))
          x(kind, is_so) where t.merchant_id = $1 and x.is_so""",
    ),
    "recharge": Money(
        {"open": (), "paid": ("stored_principal_recharge", "stored_bonus_recharge")},
        """select r.state, r.id, x.kind, x.fen from recharge r cross join lateral (values
          ('stored_principal_recharge', r.pay_fen), ('stored_bonus_recharge', r.bonus_fen)) x(kind, fen)
        where r.merchant_id = $1 and r.state = 'paid' and x.fen > 0""",
    ),
    "recharge_return": Money(
        dict.fromkeys(("asked", "stalled", "closed", "settled"), ("stored_principal_return", "stored_bonus_return")),
        """select r.state, r.id, x.kind, x.fen from recharge_return r cross join lateral (values
          ('stored_principal_return', r.amount_fen), ('stored_bonus_return', r.voided_fen)) x(kind, fen)
        where r.merchant_id = $1 and x.fen > 0""",
    ),
    "order_refund_part": Money(
        {"asked": (), "stalled": (), "closed": (), "settled": ("stored_principal_refund", "stored_bonus_refund")},
        """select state, id, kind || '_refund', amount_fen from order_refund_part
        where merchant_id = $1 and kind in ('stored_principal', 'stored_bonus')""",
    ),
}  # fmt: skip
BILLED = ("fee", "fee_back", "difference", "payout", "top_up")
"""What only WeChat's bills know of: their lines stand behind these postings."""
UNPOSTED = """select array(select x.state || ' ' || x.source || ' ' || x.kind || ' ' || x.fen from ({sql})
  x(state, source, kind, fen) where not exists (select from posting p where p.merchant_id = $1
    and p.source_id = x.source and p.kind = x.kind and p.amount_fen = x.fen))"""
STRANGE = "select array(select distinct x.state || ' ' || x.kind from ({sql}) x(state, source, kind, fen))"
UNKNOWN = """select array(select p.kind || ' ' || p.source_id || ' ' || p.amount_fen from posting p
  where p.merchant_id = $1 and p.kind <> all($2) and not exists (select from ({sql}) x(state, source, kind, fen)
    where x.source = p.source_id and x.kind = p.kind and x.fen = p.amount_fen))"""


def moneys() -> dict[str, Money]:
    """Give all that moves money, by machine or table."""
    return {name: one.money for name, one in CYCLES.items() if isinstance(one.money, Money)} | ROWS


async def unbooked(tx: Tx) -> list[str]:
    """Say, in words, which rows have moved money without a posting, and which postings have no row behind them."""
    wrong: list[str] = []
    for name, money in moneys().items():
        missing: list[Any] = await tx.value(UNPOSTED.format(sql=money.owed), tx.merchant)
        wrong += [f"{name} {one}: no posting" for one in missing]
        pairs = {f"{state} {kind}" for state, kinds in money.kinds.items() for kind in kinds}
        strange: list[str] = await tx.value(STRANGE.format(sql=money.owed), tx.merchant)
        wrong += [f"{name} {one}: not declared" for one in set(strange) - pairs]
    known = "\nunion all\n".join(money.owed for money in moneys().values())
    unknown: list[str] = await tx.value(UNKNOWN.format(sql=known), tx.merchant, list(BILLED))
    return wrong + [f"posting {one}: nothing behind it" for one in unknown]
