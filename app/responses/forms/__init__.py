"""What a person at a school fills in: fields, Swedish words and messages, and the commands they become."""
