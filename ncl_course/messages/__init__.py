"""Every sentence that a student reads, one file a language, by the same keys."""
