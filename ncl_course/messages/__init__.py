"""Every sentence that a reader sees: a folder for each language, the same files and the same keys in both."""
