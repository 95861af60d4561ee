"""Pages of the book, one module each."""
