"""Tracking: where parcels are, as kuaidi100 tells us when something changes, and when somebody asks.

Words: an *account* is a merchant's own at kuaidi100; a *track* is what is known of one number of one carrier; its
*stage* is where the parcel stands, its *events* how it came there.
"""
