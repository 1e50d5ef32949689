"""Who is let in: the cards of households, and the record of what people did."""
