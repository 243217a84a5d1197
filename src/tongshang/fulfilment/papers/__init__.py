"""Papers: packing slips that go into parcels, and receipts, as PDF for A4 or for a label printer (100 × 150 mm).

Words: a *slip* says what goes into a parcel and whereto, without prices; a *receipt* says what was paid for, and is no
invoice.
"""
