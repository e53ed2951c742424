"""Topics on papers not learned from, beside TF-IDF with logistic regression; and papers a second.

``python -m tests.benchmarks.bench_topics LABELS.jsonl...`` with lines ``{"title", "abstract",
"gold"}``. Papers of all files are learned from together, in five folds by position; figures are per
file, over the topics that the file labels. F1 is the mean over papers (micro beside it); hit@3 says
of how many papers one of the first three topics assigned is right.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from config.taxonomy import read_taxonomy
from flows.pipeline.labels import read_labels
from transforms.taxonomy import Taxonomy, build_taxonomy
from transforms.topics import assign_topics
from transforms.topics.learn import learn
from transforms.topics.measure import agree

FOLDS = 5
SPEED_PAPERS = 25_000
Topics = list[list[tuple[str, float]]]
"""By paper, topics with scores, the likeliest first."""


def by_paper(papers: pl.DataFrame, topics: pl.DataFrame) -> Topics:
    ordered = topics.sort("paper_id", "score", "topic_id", descending=[False, True, False])
    found: dict[str, list[tuple[str, float]]] = {one: [] for one in papers["paper_id"]}
    for paper_id, topic_id, score in ordered.select("paper_id", "topic_id", "score").iter_rows():
        found[paper_id].append((topic_id, score))
    return list(found.values())


def ours(train: pl.DataFrame, gold: list[list[str]], test: pl.DataFrame, tax: Taxonomy) -> Topics:
    return by_paper(test, assign_topics(test, tax, learn(train, gold, tax)).topics)


def tf_idf(train: pl.DataFrame, gold: list[list[str]], test: pl.DataFrame, tax: Taxonomy) -> Topics:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.preprocessing import MultiLabelBinarizer

    def texts(papers: pl.DataFrame) -> list[str]:
        return papers.select(pl.concat_str("title", "title", "abstract", separator=" . "))[
            "title"
        ].to_list()

    binarizer = MultiLabelBinarizer()
    wanted = binarizer.fit_transform(gold)
    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, sublinear_tf=True, stop_words="english"
    )
    model = OneVsRestClassifier(LogisticRegression(C=20, solver="liblinear"))
    model.fit(vectorizer.fit_transform(texts(train)), wanted)
    likely = model.predict_proba(vectorizer.transform(texts(test)))
    # the most likely one always, others from the best of the thresholds tried
    order = np.argsort(-likely, axis=1, kind="stable")
    return [
        [(binarizer.classes_[n], row[n]) for nth, n in enumerate(ranks) if not nth or row[n] >= 0.1]
        for row, ranks in zip(likely, order, strict=True)
    ]


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


def measure_speed(papers: pl.DataFrame, taxonomy: Taxonomy) -> float:
    """Papers a second: the labelled papers over and over."""
    many = pl.concat([papers] * (SPEED_PAPERS // papers.height + 1)).head(SPEED_PAPERS)
    many = many.with_columns(paper_id=pl.int_range(pl.len()).cast(pl.String).str.zfill(9))
    assign_topics(papers.head(100), taxonomy)
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        assign_topics(many, taxonomy)
        seconds.append(time.perf_counter() - began)
    return SPEED_PAPERS / float(np.median(seconds))


def main(paths: Sequence[Path]) -> None:
    taxonomy = build_taxonomy(read_taxonomy(None))
    labelled = read_labels(paths)
    papers, gold = labelled.papers, labelled.labels
    files = [path.stem for path in paths for _ in read_labels([path]).labels]
    for method in (ours, tf_idf):
        found: Topics = [[] for _ in gold]
        for fold in range(FOLDS):
            train = [n for n in range(papers.height) if n % FOLDS != fold]
            test = [n for n in range(papers.height) if n % FOLDS == fold]
            given = method(papers[train], [gold[n] for n in train], papers[test], taxonomy)
            for number, topics in zip(test, given, strict=True):
                found[number] = topics
        for name in dict.fromkeys(files):
            rows = [n for n, file in enumerate(files) if file == name]
            print(method.__name__, name, measure([found[n] for n in rows], [gold[n] for n in rows]))
        print(reliability(found, gold))
    print(f"papers a second: {measure_speed(papers, taxonomy):,.0f}")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
