"""What programs read at `/api/v1`: the figures of the pages, with an OpenAPI 3.1 document."""
