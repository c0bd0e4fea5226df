"""Valid objects in the fewest words: `make_<thing>(session, …)` adds, flushes and returns it."""
