"""Benchmarks: the 262 items of the paper, runs over seeds, and the speed of worlds and trees."""
