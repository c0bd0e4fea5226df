"""Tests of the whole app: what keeps its shape when nobody looks."""
