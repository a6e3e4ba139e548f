"""The parts of the Charts page: what to ask the server, and the widget that draws the answer."""
