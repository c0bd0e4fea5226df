"""Messages written in the transaction that causes them and sent after it, each in a transaction of its own."""
