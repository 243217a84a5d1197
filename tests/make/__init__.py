"""Builders: worlds, servers and people for tests, made through public verbs only."""
