"""Class lists staged for one round and one school unit, destroyed when the answer is in. Nobody keeps a register."""
