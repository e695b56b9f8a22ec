"""The parts of reading numbers: what characters compose, which words stand around them, what is no quantity."""
