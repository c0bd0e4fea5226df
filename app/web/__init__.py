"""What routes share: transactions, guards, errors, security, templating. Services never import it."""
