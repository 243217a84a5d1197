"""After-sales: what customers ask for after they paid, and how it ends; every deadline decides by itself.

Words: a *case* is one request about pieces of an order's lines; its *kind* is refund only, return and refund, exchange,
or seller initiated; an *offer* is a lower amount that the customer may agree to; *checking in* is looking at what came
back, shelf or bin; either side may *call* the provider, who *rules*. Pieces in open cases are *held*.
Money is promised by `trade.refunds.ask` alone, under an id made of the case's own.
Publishes CaseMoved, CaseSaid, ClockSet. Reacts to its own clocks, OrderRefunded and OrderRefundAsked (trade).
"""
