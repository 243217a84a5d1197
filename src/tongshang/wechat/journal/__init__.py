"""The journal: everything between a merchant's account and WeChat, in both directions; searchable, masked, for days."""
