"""Tests of one module at a time; none of them can reach a database."""
