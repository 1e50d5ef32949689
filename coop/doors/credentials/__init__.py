"""What people sign in with: passwords, codes, tokens, and how often a wrong one may be tried."""
