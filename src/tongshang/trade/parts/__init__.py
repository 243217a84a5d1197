"""The parts of an order: what is sent, fetched, used and given, each with its own state.

An order of nothing but parcels, or nothing but goods across the counter, has no rows: it is its own one part.
"""
