"""What the tests need of the machine: a PostgreSQL server, a browser, databases that are quick to make anew."""
