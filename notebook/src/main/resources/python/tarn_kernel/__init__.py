"""Runs the cells of notebooks for Tarn. Talks with it over the standard streams, a line of JSON a message."""
