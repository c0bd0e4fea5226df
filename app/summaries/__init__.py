"""What the director of education sees: a term in figures, controlled for disclosure, without a way to a child."""
