"""Text → typed values: field types, the rules on them, and the steps that clean them."""
