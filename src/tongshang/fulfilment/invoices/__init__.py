"""Invoices: a customer asks for one on his order; the merchant issues it with his tax software and says so here.

Words: a *red letter* is the negative invoice that is owed when money goes back after one was issued. Publishes
InvoiceMoved; reacts to OrderRefunded.
"""
