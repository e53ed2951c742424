"""Live sources: what one look at a feed answers, page by page, as bytes and facts about them."""
