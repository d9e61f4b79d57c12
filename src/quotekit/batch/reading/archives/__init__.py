"""Archives: files in one file. Nothing is unpacked to disk, and no name in them is used as a path."""
