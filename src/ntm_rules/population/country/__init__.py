"""
A made-up country: as many places as each province has, with figures drawn around the thresholds of a set.

Nothing in it is real but what it is anchored on: the counts of places by province, the regional rates of poverty and
the share of communes that meet the set. Every row says that it is synthetic. All is drawn in whole numbers from a hash
of the seed, the number of the place and the name of the column: the same seed gives the same rows on any machine and
with any version of any library, however many rows are drawn at a time.
"""

from ntm_rules.population.country.drawing import dossiers, frames, generate, scan, write
from ntm_rules.population.country.layout import Country

__all__ = ["Country", "dossiers", "frames", "generate", "scan", "write"]
