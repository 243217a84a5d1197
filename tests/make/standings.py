"""Every life cycle there is, and what must be true of each state: who leads on from it, which postings stand behind it.

A machine that is not named here fails `tests/pure/test_machines.py`, and so does a state of one that is.
"""

from make.cycles import PERSON, Cycle, Kinds, Money

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
PAID_OUT = """select p.state, p.id, x.kind, p.amount_fen from payout p
cross join lateral (values ('payout_locked', p.locked_at is not null), ('payout_paid', p.state = 'paid'),
  ('payout_back', p.locked_at is not null and p.state in ('failed', 'expired', 'canceled'))) x(kind, is_so)
where p.merchant_id = $1 and x.is_so"""
# Each try of a share has postings of its own, under a source made of both: they are found by their charge.
SHARED = """select s.state, p.charge_id, x.kind, s.amount_fen from sharing_share s
join sharing_split p on p.merchant_id = s.merchant_id and p.id = s.split_id
cross join lateral (values ('share_promised', true), ('share_paid', s.state = 'paid'),
  ('share_released', s.state in ('failed', 'dropped'))) x(kind, is_so)
where s.merchant_id = $1 and x.is_so"""
# What WeChat takes back from nobody was never asked for, and stays where it is.
GIVEN_BACK = """select r.state, r.id, x.kind, r.amount_fen from sharing_return r
join sharing_unwound u on u.merchant_id = r.merchant_id and u.refund_id = r.refund_id
cross join lateral (values ('share_asked_back', true), ('share_returned', r.state = 'returned'),
  ('share_restored', r.state = 'returned' and u.settled_how = 'paid'), ('share_left', r.state = 'left')) x(kind, is_so)
where r.merchant_id = $1 and r.problem not in ('PERSON', 'TOO_LATE') and x.is_so"""
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
    "fulfilment.PICKUP": Cycle(
        ("verified", "refunded"),
        {"waiting": ("fulfilment.expire_pickup", "fulfilment.expire_extended_pickup", PERSON), "expired": (PERSON,)},
        "goods, not money",
    ),
    "fulfilment.REPORT": Cycle(
        ("sent",), {"due": ("fulfilment.report_shipping",), "refused": (PERSON,)}, "what WeChat is told of sending"
    ),
    "fulfilment.INVOICE": Cycle(
        ("issued", "refused", "withdrawn", "reversed"),
        {"asked": (PERSON,), "red_owed": (PERSON,)},
        "an invoice says what was paid, and pays nothing",
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
    "payments.PAYOUT": Cycle(
        ("paid", "failed", "expired", "canceled"),
        {
            **dict.fromkeys(("promised", "sent", "waiting", "taking"), ("payments.pursue_payout",)),
            "stalled": ("payments.pursue_payout", PERSON),
            "canceling": ("payments.call_off_payout", "payments.pursue_payout"),
        },
        Money(
            {
                **dict.fromkeys(("promised", "sent", "stalled"), ()),
                **dict.fromkeys(("waiting", "taking", "canceling"), ("payout_locked",)),
                "paid": ("payout_locked", "payout_paid"),
                **dict.fromkeys(("failed", "expired", "canceled"), ("payout_locked", "payout_back")),
            },
            PAID_OUT,
        ),
    ),
    "payments.RECEIVER": Cycle(
        ("active", "refused", "removed"),
        dict.fromkeys(("adding", "removing"), ("payments.sharing.tell_of_receiver",)),
        "a rule, no money",
    ),
    "payments.SPLIT": Cycle(
        ("done",),
        {
            **dict.fromkeys(("waiting", "splitting", "releasing"), ("payments.sharing.share_payment",)),
            "stuck": ("payments.sharing.share_payment", "payments.sharing.resume_split", PERSON),
        },
        "its shares carry the money",
    ),
    "payments.SHARE": Cycle(
        ("paid", "dropped"),
        {"open": ("payments.sharing.share_payment",), "failed": ("payments.sharing.share_payment", PERSON)},
        Money(
            {
                **dict.fromkeys(("open", "failed", "dropped"), ("share_promised", "share_released")),
                "paid": ("share_promised", "share_released", "share_paid"),
            },
            SHARED, by="charge_id", whole=False,
        ),
    ),
    "payments.RETURN": Cycle(
        ("returned", "left"),
        {"asked": ("payments.sharing.take_back",), "failed": (PERSON,)},
        Money(
            {
                **dict.fromkeys(("asked", "failed"), ("share_asked_back",)),
                "returned": ("share_asked_back", "share_returned", "share_restored"),
                "left": ("share_asked_back", "share_left"),
            },
            GIVEN_BACK,
        ),
    ),
    "payments.APPLYMENT": Cycle(
        ("finished", "cancelled"),
        {
            **dict.fromkeys(("sending", "auditing", "confirming", "signing", "opening"),
                            ("applyments.pursue_applyment",)),
            **dict.fromkeys(("draft", "bounced", "rejected"), (PERSON, "applyments.forget_applyments")),
        },
        "a merchant number is asked for, no money",
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
        dict.fromkeys(("asked", "stalled", "closed"), ("stored_principal_return", "stored_bonus_return"))
        | {"settled": ("stored_principal_return", "stored_bonus_return", "recharge_returned")},
        """select r.state, r.id, x.kind, x.fen from recharge_return r
        left join offline_money m on m.merchant_id = r.merchant_id and m.id = r.id cross join lateral (values
          ('stored_principal_return', r.amount_fen), ('stored_bonus_return', r.voided_fen),
          ('recharge_returned', coalesce(m.amount_fen, 0))) x(kind, fen)
        where r.merchant_id = $1 and x.fen > 0""",
    ),
    "order_refund_part": Money(
        {"asked": (), "stalled": (), "closed": (), "settled": ("stored_principal_refund", "stored_bonus_refund")},
        """select state, id, kind || '_refund', amount_fen from order_refund_part
        where merchant_id = $1 and kind in ('stored_principal', 'stored_bonus')""",
    ),
}  # fmt: skip
BILLED = ("fee", "fee_back", "difference", "difference_cleared", "payout", "top_up")
"""What only WeChat's bills know of: their lines stand behind these postings."""
