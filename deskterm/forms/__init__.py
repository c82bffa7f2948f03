"""Forms of any kind of record, derived from what the kind declares: fields, what was typed, hints. Drawing is the console's."""
