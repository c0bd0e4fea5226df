"""What is done with class lists; by noun in the modules of this folder."""
