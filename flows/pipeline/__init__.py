"""The way of the data: from files and answers to a published warehouse."""
