"""What comes in from files and goes out to them: one format per module, each found through `deskterm.exchange.importing`."""
