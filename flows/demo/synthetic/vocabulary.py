"""Ordinary words of machine-learning prose, invented names, and invented numbers."""

from collections.abc import Callable
from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(" ".join(text.split()).split(", "))


WORDS = {
    "adj": _words("""
        adaptive, amortized, anchored, asymmetric, balanced, bounded, budgeted, cascaded,
        coarse-to-fine, compact, composable, conditional, content-aware, coupled, decoupled,
        deferred, dense, dual, dynamic, elastic, entropic, factorized, frugal, gated,
        gradient-free, guided, hierarchical, implicit, incremental, interleaved, invertible,
        iterative, lazy, layered, lightweight, local, low-rank, modular, monotone, multi-scale,
        nested, noise-aware, orthogonal, parallel, partial, plug-in, pooled, predictive,
        progressive, proximal, recurrent, recursive, regularized, residual, reversible,
        selective, self-paced, sequential, shared, soft, sparse, spectral, stagewise,
        stochastic, streaming, structured, symmetric, tiled, two-stage, weighted
    """),
    "mech": _words("""
        aggregation, anchoring, annealing, assembly, averaging, back-off, blending,
        bootstrapping, bottlenecking, branching, buffering, bucketing, chaining, composition,
        consensus, correction, curriculum design, damping, decomposition, dispatching,
        ensembling, factoring, feedback, filtering, folding, gating, grafting, hedging,
        hoisting, indexing, interpolation, lookahead, masking, matching, mixing, mirroring,
        normalization, packing, partitioning, perturbation, pooling, pre-conditioning, priming,
        projection, ranking, refinement, rehearsal, relaxation, replay, reordering, rescaling,
        reweighting, rotation, routing, scheduling, sketching, smoothing, splitting, stacking,
        steering, stitching, substitution, thresholding, truncation, warping
    """),
    "device": _words("""
        block, branch, critic, decoder, encoder, estimator, filter, gate, head, index, kernel
        stage, layer, ledger, loss, mask, module, objective, operator, penalty, plan, pool,
        prior, probe, projector, queue, regularizer, sampler, schedule, scorer, selector, shelf,
        slot array, stem, surrogate, table, target, template, window
    """),
    "goal": _words("""
        accuracy, answer quality, boundary precision, compositional skill, consistency,
        coverage, data efficiency, diversity, end-task quality, energy use, output quality,
        fidelity, generality, latency, peak storage, precision, recall, reliability,
        reproducibility, resilience, response length, rank correlation, sample efficiency,
        stability, steerability, throughput, transferability, training cost, wall-clock time,
        worst-case error
    """),
    "flaw": _words("""
        brittle heuristics, collapsed variance, compounding errors, confirmation loops,
        conflicting gradients, dead units, delayed signals, dominant modes, drifting statistics,
        duplicated effort, exposure gaps, fragile thresholds, hidden couplings, idle workers,
        inflated scores, leaky splits, length preferences, mismatched objectives, noisy
        supervision, blurred averages, padding waste, position effects, premature convergence,
        redundant computation, scarce labels, selection effects, shallow cues, shortcut
        features, silent failures, skewed sampling, spurious matches, stale estimates,
        superficial similarity, template overuse, unbalanced updates, vanishing signal
    """),
    "cond": _words("""
        after a single pass, as inputs grow, at equal parameter count, at the tail of the
        distribution, before any tuning, despite frozen encoders, during long sessions, for
        rarely seen cases, given only coarse labels, if supervision is delayed, in the low-data
        regime, once load peaks, on commodity hardware, outside the training range, over many
        rounds, past the usual horizon, under heavy noise, under a fixed budget, under strict
        latency limits, when annotators disagree, when classes overlap, when inputs are
        ambiguous, when labels are scarce, when storage is tight, when sources conflict, when
        users change their minds, where ground truth is costly, while parameters stay fixed,
        with partial observations, with unreliable metadata, without extra annotation, without
        labeled pairs, without retraining, without access to weights
    """),
    "adverb": _words("""
        abruptly, carefully, cheaply, consistently, directly, explicitly, gradually, greedily,
        implicitly, incrementally, independently, indirectly, jointly, largely, locally,
        markedly, mostly, noticeably, often, partially, quietly, rarely, reliably, repeatedly,
        seldom, separately, sharply, silently, slowly, smoothly, steadily, substantially,
        typically, visibly, widely
    """),
    "lowers": _words("""
        bounds, caps, contains, curbs, cuts, dampens, halves, limits, lowers, mitigates,
        offsets, prevents, reduces, removes, shrinks, softens, suppresses, tames, trims, weakens
    """),
    "lifts": _words("""
        advances, boosts, enhances, extends, improves, increases, lifts, preserves, raises,
        recovers, restores, sharpens, stabilizes, strengthens, sustains, widens
    """),
    "joins": _words("""
        aligns, alternates, binds, combines, compares, connects, contrasts, fuses, interleaves,
        joins, links, mixes, pairs, reconciles, relates, weaves
    """),
    "turns": _words("""
        aggregates, audits, caches, clusters, compresses, converts, encodes, filters, groups,
        merges, orders, prioritizes, prunes, ranks, recycles, revisits, rewrites, samples,
        scores, selects, sorts, splits, summarizes, tracks, transforms, weighs
    """),
    "people": _words("""
        analysts, annotators, auditors, developers, domain specialists, editors, engineers,
        maintainers, operators, practitioners, researchers, reviewers, small labs, teachers,
        volunteers
    """),
    "rival": _words("""
        carefully tuned baselines, closed commercial systems, dense counterparts, earlier
        pipelines, ensemble variants, heuristic schedules, larger models, monolithic designs,
        naive scaling, oracle settings, published checkpoints, rule-based systems, specialist
        models, strong competitors, supervised upper bounds, the previous best, uniform
        sampling, vanilla training
    """),
    "link": _words("""
        accordingly, as a result, at the same time, beyond this, by design, crucially, for this
        reason, for this purpose, in addition, in contrast, in effect, in particular, in
        practice, in turn, instead, interestingly, moreover, more importantly, notably, rather
        than guessing, surprisingly, to this end, unlike prior art, what is more
    """),
    "matters": _words("""
        central, costly, crowded, delicate, essential, fast-moving, indispensable, notoriously
        hard, overlooked, poorly understood, pressing, surprisingly subtle, under-explored,
        widely deployed
    """),
    "release": _words("""
        annotation guidelines, checkpoints, configuration files, demo notebooks, evaluation
        scripts, full logs, prediction dumps, raw outputs, reference implementations, training
        recipes, unit costs
    """),
}

_STARTS = (
    "Al Bri Cal Dov El Fen Gal Hel Ir Jun Kel Lum Mor Nov Or Pel Quil Ros Sol Tan Ul Vel Wil Xan "
    "Yor Zeph"
)
_MIDDLES = "a e i o u ara ebi ico odu uma ali eno ira oma ulo ane evi"
_ENDS = "bert core dex flow form gate kit lens link mark net nix path ra ris rix scope tor tra vis"
_SUITES = ("Bench", "Eval", "Suite", "Set", "Probe", "Gym", "Trials", "500", "XL", "Hard")


def _pick(random: Random, choices: str) -> str:
    parts = choices.split()
    return parts[int(random.random() * len(parts))]


def invent_name(random: Random) -> str:
    """Return a name for a method, such as ``Velicorix``: thousands are possible."""
    return _pick(random, _STARTS) + _pick(random, _MIDDLES) + _pick(random, _ENDS)


def _invent_suite(random: Random) -> str:
    return f"{_pick(random, _STARTS)}{_pick(random, _MIDDLES)}-{_SUITES[int(random.random() * 10)]}"


def _percentage(random: Random) -> str:
    return f"{random.randrange(11, 389) / 10}%"


def _high_percentage(random: Random) -> str:
    return f"{random.randrange(402, 689) / 10}%"


def _score(random: Random) -> str:
    return f"{random.randrange(412, 973) / 10}"


def _factor(random: Random) -> str:
    return f"{random.randrange(13, 92) / 10}x"


def _count(random: Random) -> str:
    return str(random.randrange(3, 48))


def _model_size(random: Random) -> str:
    return f"{random.choice((0.5, 1, 1.5, 3, 4, 7, 8, 13, 14, 32, 70))}B"


def _many(random: Random) -> str:
    return f"{random.randrange(2, 960)}k"


INVENTIONS: dict[str, Callable[[Random], str]] = {
    "suite": _invent_suite,
    "rival_name": invent_name,
    "pct": _percentage,
    "high_pct": _high_percentage,
    "score": _score,
    "factor": _factor,
    "count": _count,
    "size": _model_size,
    "many": _many,
}
"""Words that are made up anew each time that they are asked for."""
