"""Who a child is: the number or name and birth date it is known by, encrypted, and never merged on a guess."""
