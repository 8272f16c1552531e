"""exeat: may this technology, software, app, data or service cross this border, on this date, and why?"""

__version__ = "0.1.0"
