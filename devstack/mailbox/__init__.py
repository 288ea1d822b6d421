"""A mailbox for every address: takes any mail by SMTP, delivers none, and shows it on a page and as JSON.

Kept in memory and in an append-only file, so that a restart keeps the mail. Runs as its own process.
"""
