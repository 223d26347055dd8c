"""The tour: what it says, when the reader has done it, and what is seen of the program for that."""
