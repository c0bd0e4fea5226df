"""The tests: units without a database, integration on both databases, guards over all, journeys in a browser."""
