"""Words, commands and values of class lists that need no database; by kind in the modules of this folder."""
