"""Financial management for IT services: what services cost, who pays, and whether an investment is worth it."""
