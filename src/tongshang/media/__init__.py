"""Media: pictures that merchants upload, re-encoded, content-addressed, served in three widths for ever.

Words: a *picture*'s id is made of its content, so the same picture is kept once and its address never changes.
Publishes nothing. Reacts to nothing.
"""
