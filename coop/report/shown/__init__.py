"""A report as people see it, whatever it is shown on: parts as tables, words, workbooks."""
