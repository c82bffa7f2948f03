"""Service level management: agreements, targets, and the clocks that judge records by them."""
