"""The service desk: the single point of contact. People, contacts, requests, knowledge, queues and shift handover."""
