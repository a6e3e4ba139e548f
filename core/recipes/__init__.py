"""What is said of a file's columns: schema, recipe, how they are learned and how files drift."""
