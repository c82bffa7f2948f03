"""Problem management: problem control, error control, and the patterns among incidents that nobody has looked into yet."""
