"""Signing in, roles, and which school units an account answers for; the pages about accounts and about the audit."""
