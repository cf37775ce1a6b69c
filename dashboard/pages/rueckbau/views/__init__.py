"""The views of the page, one module each; `layout.py` chooses."""
