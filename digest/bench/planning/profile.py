"""Where the planner's time goes."""

import cProfile
import pstats

from digest.bench.planning.measure import SIZES
from digest.bench.planning.scene import Scene
from digest.bench.planning.work import plan_all

_TOP = 40


def print_profile(scene: Scene) -> None:
    """Plan all readers as the sweep's tasks do, and print what took longest."""
    profile = cProfile.Profile()
    with profile:
        plan_all(scene, SIZES[0])
    pstats.Stats(profile).strip_dirs().sort_stats("tottime").print_stats(_TOP)
