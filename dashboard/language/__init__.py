"""In which language a page is told: phrases, numbers, and the choice of the reader."""
