"""Benchmarks: what a checkout, a read, a message and a flash sale cost, in CPU time of the whole platform."""
