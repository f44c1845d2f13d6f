"""Questions in a notebook: the form, the answer in the saved file, and what the reader sees of both."""
