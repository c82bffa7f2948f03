"""Release management: what is in the definitive library, what is built of it, whether it may go out, and where it went."""
