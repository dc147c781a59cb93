"""Helpers of ``compile_facts.py``: from minecraft-data and hand-written sources to one rule book."""
