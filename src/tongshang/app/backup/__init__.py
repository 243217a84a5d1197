"""Backup and restore of a whole install: a folder that can be read without us, and that says when it is not whole.

    manifest.json     format, time, versions, migrations, tables with their columns and rows; sealed by an HMAC under a
                      key that is derived from the master key
    SHA256SUMS        the hash of every other file, as `sha256sum -c` reads it; the manifest names its hash
    tables/NAME.gz    PostgreSQL's COPY text of one table, all from one moment, compressed
    media/, verify/   files, as they lie in var/
    keys/master.json  the master keys, only where they were asked for

docs/adr/0052 says why this and not pg_dump: merchants are apart by forced row-level security, which pg_dump passes only
as a superuser, and only with the programs of the server's own version.
"""
