"""The parts of the History page: one expanding row a load."""
