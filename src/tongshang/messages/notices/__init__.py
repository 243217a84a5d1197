"""Notices: buyers are told what became of their orders, by the best way there is.

Words: an *occasion* is what happened (paid, shipped, refunded, a ticket
ends soon, a balance can be paid); a *plan* says by which template it is told and what
the template's fields say; a *notice* is one thing to tell one person. Ways are tried in order: a subscription notice
when the person has agreed to one, a template message, a customer-service message within the window, else nobody is
told, and the timeline says so. Whoever knows that something happened calls `telling.tell`.
"""
