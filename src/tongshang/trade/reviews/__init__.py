"""Reviews: what buyers say of what they bought, shown when the merchant lets it be shown.

Words: a *review* is of one line of a completed order, once, with one more word later; it is *pending*, *shown* or
*hidden* with a reason. Who wrote it is kept apart from how he is called there: a masked name, or none.
Publishes ReviewWritten. Reacts to a consent that is withdrawn: then nobody's name is left on it.
"""
