"""The record of who did what and who saw what: append-only, chained, without the contents of anything."""
