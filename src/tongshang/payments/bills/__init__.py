"""Bills: WeChat's own list of a day, fetched, kept as it came, and compared with our books line by line.

`lines` (what is compared; pure) · `compare` (finds every typed difference; pure) · `days` (where a day stands, what
was found, what a person did about it) · `ours` (our side) · `fetch` (asks WeChat, records).
"""
