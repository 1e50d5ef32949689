"""The pages by which energy stewards act: months, members, meters, keys, readings and words."""
