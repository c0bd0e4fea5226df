"""Who may do what. It knows no database and no web, so that a rule can be read, tested and printed on its own."""
