"""The pages of stewards, all behind one line of sections."""
