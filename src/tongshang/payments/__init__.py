"""Payments: how a merchant is paid, what was asked and paid, what went back, the ledger and the bills.

Knows nothing of orders: a charge has an opaque subject and a payer; whoever stands above reacts to its facts.

Words: a *pay account* (支付账户) is a number at WeChat Pay with its keys; a *charge* (收款) asks a payer for an
amount; an *attempt* (支付尝试) is one order at WeChat Pay under its own number; a *stray* payment (多付) came after the
charge was paid or closed and goes back by itself; a *refund* (退款) is a promise, its attempts carry it out; a
*posting* (记账) moves an amount between two accounts of the *ledger*; a *bill* (对账单) is WeChat's own list of a day.

Publishes: ChargeOpened, ChargePaid, ChargeClosed, ChargeRefused, StrayPayment, RefundRequested, RefundSettled,
RefundStalled, RefundClosed, NoticeSuspicious, BillCompared. Stock is given back on ChargeClosed, never before.

A *way* (收款方式) is how somebody pays: within WeChat, by scanning, in a browser, by a code at the counter, or by hand.

Modules: `model` `limits` `facts` · `accounts` `gateway` (keys, calls) · `charges` `promises` `settling` `paying` ·
`counter` (codes scanned) `offline` (money by hand) · `refunds` `refunding` · `notices` · `ledger` `statements` ·
`trial` (the one-fen test) · `bills/` · `sharing/` (parts for others) · `applyments/` (a number is
applied for) · `queries` · `routes/` · `reactions`.
"""
