"""Search among goods: by Chinese words, pinyin, its initials, codes, tags and categories, as customers type them.

Words: a *lexeme* is what the index holds; it begins with its merchant's own key, so that one index serves all and each
finds only its own. A *word* is what is suggested: a category, a tag, or what titles have in common. A *miss* is a query
that found nothing, counted by day. The index is written in the transaction that writes the product.
"""
