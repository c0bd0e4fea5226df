"""What the director reads: `term`, the page; `export`, the same as a file; `words`, what things are called."""
