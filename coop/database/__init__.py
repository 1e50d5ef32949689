"""The cooperative's database: its tables, its file or server, its transactions."""
