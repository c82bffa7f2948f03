"""Configuration management: accounts for services and configuration items, the map every other process reads."""
