"""IT service continuity management: how soon a service must be back, and how soon it would be."""
