"""The quality report that people read: one page of HTML that needs nothing but itself."""
