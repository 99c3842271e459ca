"""The domain: instances, queues, campaigns and contacts, without HTTP, I/O or a clock."""
