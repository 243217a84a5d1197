"""The stock ledger as people see and change it: levels, movements with who and why, safety stock, counting.

Words: *on hand* is what is there; *reserved* is what unpaid orders hold of it; *safety* is kept back from the online
shop; *left* is what can be bought. A *movement* is never changed; its number and balance follow the one before it.
A *count* moves differences, so that people may go on buying while somebody counts.
"""
