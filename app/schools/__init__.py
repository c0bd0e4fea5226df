"""Municipalities, who runs their schools, when schools are open, whom to ring, and what a working day is."""
