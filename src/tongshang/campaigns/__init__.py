"""Campaigns: what brings people back: coupons (so much off, or so many percent up to a cap), and promotions.

Words: a *coupon* is what a merchant offers; a *piece* is one of it in somebody's hands: unused, held by an unpaid
order, or used. Publishes CouponClaimed. Reacts to FanFollowed (the welcome coupon), OrderPaid and OrderClosed.
Fills trade's BENEFITS, messages' welcome sentence and storefront's coupon cards.
"""
