"""A file into a collection: modes, resume and undo; and never more or less than once."""
