"""The facts: instances, queues, campaigns and contacts, without AWS's wire, I/O or a clock."""
