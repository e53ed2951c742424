"""A seeded generator of captures of papers that do not exist, for demos, tests and benchmarks."""

from flows.synthetic.agenda import SampleSize
from flows.synthetic.planted import Planted
from flows.synthetic.sample import write_sample

__all__ = ["Planted", "SampleSize", "write_sample"]
