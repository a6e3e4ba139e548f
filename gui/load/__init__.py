"""The parts of the Load page: state without Qt, the desk that runs the work, and the widgets."""
