"""The cards of homes: the links that open their pages, and which home has one."""
