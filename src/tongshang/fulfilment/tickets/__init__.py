"""Tickets: issued when an order is paid, used at the counter, expired by the clock, taken back when money goes back."""
