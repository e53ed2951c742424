"""Topics on papers not learned from, beside peers; on a gold set of captures; papers a second.

``python -m tests.benchmarks.bench_topics OTHERS.jsonl LABELS.jsonl...``: lines of labels are
``{"title", "abstract", "gold"}``, those of the others, papers as feeds bring them, ``{"id",
"title", "abstract"}``; those with an id of `gold_topics.csv` are held against it and not learned
from. Papers of all label files are learned from together, in five folds by position; figures are
per file, over the topics that the file labels. F1 is the mean over papers (micro beside it); hit@3
says of how many papers one of the first three topics assigned is right.
"""

import csv
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from config.taxonomy import read_taxonomy
from flows.pipeline.assign_papers import read_papers
from flows.pipeline.labels import read_labels
from transforms.spelling import fold_spelling
from transforms.taxonomy import Taxonomy, build_taxonomy
from transforms.topics import Assigner, assign_topics
from transforms.topics.learn import learn
from transforms.topics.measure import agree

FOLDS = 5
SPEED_PAPERS = 25_000
SPEED_TURNS = 3
CSO_EVERY = 20
CSO_REASON = " (cso-classifier 2.3.1 asks for numpy 1.16.4, which does not build on Python 3.11)"
GOLD = Path(__file__).with_name("gold_topics.csv")
GOLD_PARTS = ("looked_at", "kept", "fresh")
Topics = list[list[tuple[str, float]]]
"""By paper, topics with scores, the likeliest first."""


def by_paper(papers: pl.DataFrame, topics: pl.DataFrame) -> Topics:
    ordered = topics.sort("paper_id", "score", "topic_id", descending=[False, True, False])
    found: dict[str, list[tuple[str, float]]] = {one: [] for one in papers["paper_id"]}
    for paper_id, topic_id, score in ordered.select("paper_id", "topic_id", "score").iter_rows():
        found[paper_id].append((topic_id, score))
    return list(found.values())


@dataclass(frozen=True)
class Train:
    """What is learned from in a fold."""

    papers: pl.DataFrame
    labels: list[list[str]]
    sources: list[int]
    others: pl.DataFrame


def ours(train: Train, test: pl.DataFrame, taxonomy: Taxonomy) -> Topics:
    learned = learn(train.papers, train.labels, taxonomy, train.sources, train.others)
    return by_paper(test, assign_topics(test, taxonomy, learned).topics)


def tf_idf(train: Train, test: pl.DataFrame, taxonomy: Taxonomy) -> Topics:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.preprocessing import MultiLabelBinarizer

    def texts(papers: pl.DataFrame) -> list[str]:
        return papers.select(pl.concat_str("title", "title", "abstract", separator=" . "))[
            "title"
        ].to_list()

    binarizer = MultiLabelBinarizer()
    wanted = binarizer.fit_transform(train.labels)
    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, sublinear_tf=True, stop_words="english"
    )
    model = OneVsRestClassifier(LogisticRegression(C=20, solver="liblinear"))
    model.fit(vectorizer.fit_transform(texts(train.papers)), wanted)
    likely = model.predict_proba(vectorizer.transform(texts(test)))
    # the most likely one always, others from the best of the thresholds tried
    order = np.argsort(-likely, axis=1, kind="stable")
    return [
        [(binarizer.classes_[n], row[n]) for nth, n in enumerate(ranks) if not nth or row[n] >= 0.1]
        for row, ranks in zip(likely, order, strict=True)
    ]


def cso(train: Train, test: pl.DataFrame, taxonomy: Taxonomy) -> Topics:
    """The CSO classifier (wheel 2.3.1) on every `CSO_EVERY`-th paper, for it takes a second each.

    A topic of ours is found where it gives one of the topic's spellings; the super-topics that it
    can add make it worse. It needs spaCy with `en_core_web_sm`, and NLTK with its stop words.
    """
    from classifier.classifier import (  # type: ignore[import-not-found]
        run_cso_classifier_batch_mode,
    )

    topic_of = {
        form: topic_id
        for form, topic_id, kind in taxonomy.forms.select("form", "topic_id", "kind").iter_rows()
        if kind != "acronym"
    }
    texts = test.select("paper_id", "title", "abstract").gather_every(CSO_EVERY).iter_rows()
    given = {
        paper_id: {"title": title or "", "abstract": abstract or "", "keywords": ""}
        for paper_id, title, abstract in texts
    }
    answers = run_cso_classifier_batch_mode(given, workers=1, modules="both", enhancement="first")
    found: Topics = []
    for paper_id in test["paper_id"]:
        answer = answers.get(paper_id, {"union": []})
        names = fold_spelling(pl.Series(answer["union"], dtype=pl.String()))
        topics = [topic_of[name] for name in names if name in topic_of]
        found.append([(topic, 1.0) for topic in dict.fromkeys(topics)])
    return found


def measure(found: Topics, gold: Sequence[Sequence[str]]) -> str:
    one = agree([[topic for topic, _ in topics] for topics in found], gold)
    none = sum(not topics for topics in found) / len(gold)
    return (
        f"F1 {one.f1:.3f}  micro F1 {one.micro_f1:.3f}  hit@3 {one.hit_at_3:.3f}  "
        f"precision {one.precision:.3f}  recall {one.recall:.3f}  "
        f"topics a paper {one.topics_per_paper:.2f}  unassigned {none:.3f}"
    )


def reliability(found: Topics, gold: Sequence[Sequence[str]]) -> str:
    """How many of the assignments with about a score are right."""
    labelled = {topic for given in gold for topic in given}
    pairs = [
        (score, topic in labels)
        for topics, labels in zip(found, gold, strict=True)
        for topic, score in topics
        if topic in labelled
    ]
    table = pl.DataFrame(pairs, schema=["score", "is_right"], orient="row")
    bins = table.group_by((pl.col("score") * 10).floor().alias("bin")).agg(
        pl.len(), pl.col("score").mean(), pl.col("is_right").mean()
    )
    return "\n".join(
        f"  score {score:.2f}  right {share:.2f}  of {count}"
        for _, count, score, share in bins.sort("bin").iter_rows()
    )


def measure_speed(papers: pl.DataFrame, taxonomy: Taxonomy) -> str:
    """Tell papers a second and processor time of all threads: labelled papers over and over."""
    many = pl.concat([papers] * (SPEED_PAPERS // papers.height + 1)).head(SPEED_PAPERS)
    many = many.with_columns(paper_id=pl.int_range(pl.len()).cast(pl.String).str.zfill(9))
    assigner = Assigner(taxonomy)
    ways = {"topics alone": assigner.assign_without_evidence, "with evidence": assigner.assign}
    lines = []
    for name, assign in ways.items():
        assign(papers.head(100))
        wall, processor = [], []
        for _ in range(SPEED_TURNS):
            began, began_work = time.perf_counter(), time.process_time()
            assign(many)
            wall.append(time.perf_counter() - began)
            processor.append(time.process_time() - began_work)
        lines.append(
            f"{name}: {SPEED_PAPERS / float(np.median(wall)):,.0f} papers a second, "
            f"{float(np.median(processor)) / SPEED_PAPERS * 1e6:.1f} microseconds of processor time"
        )
    return "\n".join(lines)


def measure_gold(papers: pl.DataFrame, taxonomy: Taxonomy) -> str:
    """Hold the shipped model against labels read from the texts; topics of level general are left
    out. A topic that a text is about in passing (`also`) is right, and not missed.
    """
    general = set(taxonomy.topics.filter(level="general")["topic_id"])
    lines = []
    with GOLD.open(encoding="utf-8") as file:
        gold = {row["paper_id"]: row for row in csv.DictReader(file)}
    found = dict(
        zip(
            papers["paper_id"],
            by_paper(papers, assign_topics(papers, taxonomy).topics),
            strict=True,
        )
    )
    for half in GOLD_PARTS:
        right, assigned, got, wanted, none, count = 0, 0, 0, 0, 0, 0
        for paper_id in sorted(
            found.keys() & {one for one, row in gold.items() if row["half"] == half}
        ):
            topics = {topic for topic, _ in found[paper_id]} - general
            core = set(gold[paper_id]["topics"].split()) - general
            right += len(topics & (core | set(gold[paper_id]["also"].split())))
            got += len(topics & core)
            assigned, wanted = assigned + len(topics), wanted + len(core)
            none, count = none + (not topics), count + 1
        if count:
            lines.append(
                f"gold, {half}: {count} papers  precision {right / max(assigned, 1):.3f}"
                f"  recall {got / max(wanted, 1):.3f}  topics a paper {assigned / count:.2f}"
                f"  without any {none / count:.3f}"
            )
    return "\n".join(lines)


def read_others(path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return papers that are not of the gold set, and those that are."""
    rows = [(str(one.given_id), one.title, one.abstract) for one in read_papers(path)]
    schema = dict.fromkeys(("paper_id", "title", "abstract"), pl.String())
    papers = pl.DataFrame(rows, schema=schema, orient="row")
    is_gold = pl.col("paper_id").is_in(pl.read_csv(GOLD)["paper_id"].to_list())
    return papers.filter(~is_gold), papers.filter(is_gold)


def main(path_of_others: Path, paths: Sequence[Path]) -> None:
    taxonomy = build_taxonomy(read_taxonomy(None))
    others, gold_papers = read_others(path_of_others)
    print(measure_gold(gold_papers, taxonomy))
    labelled = read_labels(paths)
    papers, gold, sources = labelled.papers, labelled.labels, labelled.sources
    for method in (ours, tf_idf, cso):
        found: Topics = [[] for _ in gold]
        try:
            for fold in range(FOLDS):
                rows = [n for n in range(papers.height) if n % FOLDS != fold]
                test = [n for n in range(papers.height) if n % FOLDS == fold]
                train = Train(
                    papers[rows], [gold[n] for n in rows], [sources[n] for n in rows], others
                )
                for number, topics in zip(test, method(train, papers[test], taxonomy), strict=True):
                    found[number] = topics
        except (ImportError, OSError, LookupError) as error:
            reason = str(error).strip().splitlines()[0]
            reason += CSO_REASON if method is cso else ""
            print(f"{method.__name__} is left out: {reason}")
            continue
        for source, path in enumerate(paths):
            is_seen = [method is not cso or n // FOLDS % CSO_EVERY == 0 for n in range(len(gold))]
            rows = [n for n, one in enumerate(sources) if one == source and is_seen[n]]
            named = measure([found[n] for n in rows], [gold[n] for n in rows])
            print(method.__name__, path.stem, named)
            if method is ours:
                print(reliability([found[n] for n in rows], [gold[n] for n in rows]))
    print(measure_speed(papers, taxonomy))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
