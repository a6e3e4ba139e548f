"""`./run bench read|check|load|gui`: each module's `main(argv)` measures and prints."""
