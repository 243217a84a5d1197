"""Keeping: goods wait for whoever picks them up until their time is up; then the merchant extends it, or gives the
money back. Nothing is refunded by itself: the goods were kept aside, and whose fault it is no clock knows.
"""
