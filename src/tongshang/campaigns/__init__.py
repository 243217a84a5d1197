"""Campaigns: what brings people back. For now one kind of coupon: so much off from so much on.

Words: a *coupon* is what a merchant offers; a *piece* is one of it in somebody's hands: unused, held by an unpaid
order, or used. Publishes CouponClaimed. Reacts to FanFollowed (the welcome coupon), OrderPaid and OrderClosed.
Fills trade's BENEFITS, messages' welcome sentence and storefront's coupon cards.
"""
