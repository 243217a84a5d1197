"""Unwinding: what a refund is made of, and by which ways its money goes back. Every fen has its reason.

Words: a *source* is a way money of an order came (a payment, stored principal, a bonus), an *unwinder* knows some
sources and gives money back to them, a *part* is what of one refund goes back to one source.
"""
