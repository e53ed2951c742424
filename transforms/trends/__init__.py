"""What is rising in counts of series by period, since when, and how sure one can be."""
