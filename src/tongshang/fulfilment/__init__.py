"""Fulfilment: getting goods to people, by parcel, across the counter, by ticket or by code.

Words: a *shipment* is a parcel with its carrier and number; a *pickup* has a code that is shown once at the counter
and verified once by an assistant, until its time is up (`keeping`); a *ticket* has a code that is used as often as it
is good for, until its time is up (a service's code is one too); *codes* that are goods are given to their buyer, who
sees them when he asks to.
Publishes ParcelSent, PickupKept, PickupVerified, PickupExtended, PickupExpired, TicketsIssued, TicketUsed,
TicketUseUndone, TicketsExpired, CodesGiven, CodesSeen.
Reacts to OrderPaid (makes codes, issues tickets, gives codes), OrderRefundAsked, CodesAdded, and to the clocks of
tickets and pickups.
Fills trade's HANDOVERS.
"""
