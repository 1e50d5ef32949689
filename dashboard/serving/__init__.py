"""How pages go out: the server, live streams, and what is kept, packed or put in turn."""
