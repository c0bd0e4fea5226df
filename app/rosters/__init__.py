"""Class lists staged for one round and one school unit, and destroyed when the answer is in. Nobody keeps a register."""
