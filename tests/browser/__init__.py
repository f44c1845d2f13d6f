"""The course in JupyterLab in a real browser, as a student sees it."""
