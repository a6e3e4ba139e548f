"""Three related files a person recognises, each clean and dirty, with its recipe (see make.py)."""
