"""Tenancy: who the merchants are, who works for them, and who did what.

Words: a *merchant* is a tenant; *staff* work for one merchant (or for the provider, under the nil merchant) in a
*role*; a *session* is a log-in; an *invite* lets somebody choose a password; the *audit* lists every write.
Publishes MerchantCreated, MerchantSuspended, MerchantResumed. Reacts to nothing; forgets old
guesses at log-ins every hour.
"""
