"""Erasing names from text: their spellings, and bodies without them."""
