"""The public screen: what the community makes now and today, as figures, pictures and documents."""
