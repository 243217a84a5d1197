"""Trade: what people put in their carts, what it costs and why, and the life of an order.

Words: a *cart line* is a wish; a *basket* is what is about to be bought; a *quote* says what it costs and why;
an *order* is a promise with a price per line; *placing* decides stock, limits and coupons in one call.
Seams: BENEFITS (coupons and the like: offers, and what is claimed at placing), PRIVACY is asked of fans.
Publishes OrderPlaced, OrderPaid, OrderShipped, OrderCompleted, OrderClosed, OrderRefunded.
Reacts to ChargePaid, ChargeClosed, RefundSettled (payments) and to its own clocks.
"""
