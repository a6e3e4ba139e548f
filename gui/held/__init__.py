"""The parts of the Quarantine page: loads, held records, the panel that mends one."""
