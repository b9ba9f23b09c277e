"""Bytes of files: finding, reading and writing them, and cutting C into lexical pieces."""
