"""Tests of queries, services, routes and jobs on the schema that the migrations make, on both databases."""
