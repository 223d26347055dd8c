"""Writing events down for other programs and people: formats, columns, and files that are there whole or not at all."""
