"""The operations of outbound campaigns; a rule of both versions stands once."""
