"""The ground floor: transactions, facts, jobs, machines, refusals, clocks and secrets.

Words: a *world* holds what is shared (database, clock, reactions); a *tx* is one merchant's transaction;
a *fact* is something that happened; a *reaction* answers a fact, inside or outside the database.
Knows no merchant's business; everything above calls down to it.
"""
