"""Survey rounds and their plan: who is asked when, who is reminded, and who stayed silent."""
