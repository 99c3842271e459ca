"""The fake service: the engine that handles requests, planned faults, the journal and the clock."""
