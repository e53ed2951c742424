"""A seeded generator of captures of papers that do not exist, for demos, tests and benchmarks."""

from flows.demo.synthetic.agenda import SampleSize
from flows.demo.synthetic.planted import Planted
from flows.demo.synthetic.sample import write_sample

__all__ = ["Planted", "SampleSize", "write_sample"]
