"""What the pages of an answer show, worked out so that the templates only lay it out."""
