"""Windows that ask for something above a screen, one per file, each with a typed answer."""
