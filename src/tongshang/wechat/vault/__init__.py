"""The token vault: tokens in the database, sealed, each refreshed by one holder of a lease at a time."""
