"""The command line: one grammar over every kind of record. Never imports textual."""
