"""Reminding: buyers are told once before a ticket ends or goods are kept no longer, when a presale's balance opens, and
before it is missed.

How early, and in which hours nobody is written to, the merchant says (`messages/notices/rules.py`); what is said goes
by the merchant's plans, as every notice does. Nobody is reminded of what is used, refunded, paid or over.
"""
