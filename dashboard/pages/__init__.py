"""The pages, one package each with `PAGE = Page(...)`; found by `dashboard.page.discover`."""
