"""From the text of an answer to rows, and from rows to records."""
