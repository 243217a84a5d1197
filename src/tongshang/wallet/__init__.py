"""Stored value: what people pay ahead, what they are given with it, and how it pays for orders.

Owns wallets (principal and bonus, apart), offers (pay 100, get 20 with it), recharges (each a lot of its own), the
moves of every wallet, and returns of recharges. Every move is booked in the ledger in the same commit.

Fills trade's seams TENDERS (orders paid from the balance) and UNWINDERS (refunds give back what was taken).
Tells people that a pay-out waits for them (the pay-outs themselves are payments').
Publishes `WalletRecharged`, `RechargeReturnAsked`, `RechargeReturned`. Reacts to `RechargePaid` and to what becomes of
refunds.
"""
