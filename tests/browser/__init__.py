"""The course as a student meets it: JupyterLab in a real browser."""
