"""What everybody may need at once: help for each role, numbers to ring, what is accessible and what is stored."""
