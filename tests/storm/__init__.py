"""The storm: seeded histories of forty actors under faults; at the end the books of both sides must agree."""
