"""Pay-outs: money the merchant gives to somebody, out of its account at WeChat Pay.

Words: a *pay-out* (付款) is a promise under its own number; WeChat holds its money while it *waits* for the person, who
takes it within a day, else it *expires* and the money comes back. A *red packet* (红包) is one with another face and
a blessing. A *reason* (转账场景) says what it is for, and what must be reported of it. A *round* is what staff send at
once to one person or to some.

Other contexts call `payouts.promise(tx, ...)` and hear what became of it by PayoutPaid and PayoutReturned.

Modules: `model` `facts` `rules` (limits and reasons, dated) · `payouts` (promise, call off, go on) · `recording` (what
WeChat says) · `pursuing` (reaching out) · `rounds` `terms` `queries` · `routes`.
"""
