"""What several formats share: encodings, markup, tables, ids and field values."""
