"""What a person fills in about a report of concern: fields, Swedish words and messages, and what they become."""
