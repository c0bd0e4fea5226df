"""What a school types and has not saved."""
