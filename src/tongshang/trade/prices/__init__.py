"""The price engine: what a basket costs and why, as pure functions over declared data, in integer fen.

Order of steps: item prices (tag, member's, flash; the lowest) · promotions · one coupon · freight · tenders (none yet).
`engine.price` is the one door; `rules` says what is declared, `words` says it to people, `near` says what is almost
reached, `refunds` says what pieces are worth when they come back. No database, no clock, no randomness.
"""
