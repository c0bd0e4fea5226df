"""A child the municipality follows up: what is said and what is proven, what is next by the routine, and by when."""
