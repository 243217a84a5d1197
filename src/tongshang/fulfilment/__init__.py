"""Fulfilment: getting goods to people, by parcel or across the counter.

Words: a *shipment* is a parcel with its carrier and number; a *pickup* has a code that is shown once at the counter
and verified once by an assistant. Publishes PickupVerified. Reacts to OrderPaid (makes the code).
Fills trade's HANDOVERS.
"""
