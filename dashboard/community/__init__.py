"""The community's page: a day, a month or a year, and what each roof made."""
