"""The topic dictionary: areas, fields and topics, and the spellings by which texts name them."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import polars as pl

from transforms.declared import DeclaredTopics
from transforms.errors import TaxonomyError
from transforms.spelling import fold_spelling, regular_plural

TOPIC_COLUMNS: Final = {
    "topic_id": pl.String(),
    "name": pl.String(),
    "parent_id": pl.String(),
    "level": pl.String(),
    "status": pl.String(),
    "replaced_by": pl.String(),
}
ALIAS_COLUMNS: Final = {"topic_id": pl.String(), "alias": pl.String(), "kind": pl.String()}
FORM_COLUMNS: Final = {"form": pl.String(), **ALIAS_COLUMNS, "is_general": pl.Boolean()}
CONDITION_COLUMNS: Final = {"form": pl.String(), "topic_id": pl.String(), "kind": pl.String()}
EXAMPLE_COLUMNS: Final = {
    "topic_id": pl.String(),
    "paper": pl.String(),
    "is_counter_example": pl.Boolean(),
}

ASSIGNED_LEVELS: Final = ("topic", "general")
RETIRED: Final = "retired"

_PARENT_LEVEL: Final = {"field": "area", "topic": "field", "general": "field"}
_KIND_OF_LIST: Final = {
    "aliases": "alias",
    "acronyms": "acronym",
    "in_title": "title",
    "weak": "weak",
}


@dataclass(frozen=True)
class Taxonomy:
    """A checked topic dictionary. Its digest changes with its content, not with its order."""

    version: str
    digest: str
    topics: pl.DataFrame
    """One row per area, field and topic; ``parent_id`` is null for areas."""
    aliases: pl.DataFrame
    """One row per spelling as it is declared; kinds are alias, acronym, title and weak."""
    forms: pl.DataFrame
    """One row per folded spelling to look for, plurals included; in lower case but for acronyms.

    A form leads to one alias, and that of a retired topic to the topic that replaces it.
    ``is_general`` marks the forms of topics of level ``general``.
    """
    conditions: pl.DataFrame
    """One row per folded spelling, plurals included, on which those of a topic depend.

    Kind ``requires``: without one in the paper, no spelling counts. Kind ``not``: a spelling that
    stands inside one does not count.
    """
    examples: pl.DataFrame
    """One row per paper that a topic must have, or must not have."""

    @property
    def assigned(self) -> list[str]:
        """The topics that papers can have, sorted."""
        is_assigned = pl.col("level").is_in(ASSIGNED_LEVELS) & (pl.col("status") != RETIRED)
        return sorted(self.topics.filter(is_assigned)["topic_id"])


@dataclass(frozen=True)
class _Entry:
    """One area, field or topic of the document; spellings are (list, alias), sorted."""

    level: str
    topic_id: str
    name: str
    parent_id: str | None
    spellings: tuple[tuple[str, str], ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()
    """(kind, spelling), sorted."""
    status: str = "active"
    replaced_by: str | None = None

    @property
    def assigned_as(self) -> str | None:
        """The topic to which its spellings lead."""
        return self.replaced_by if self.status == RETIRED else self.topic_id


@dataclass(frozen=True)
class _Form:
    """One folded spelling and the alias it leads to."""

    form: str
    topic_id: str
    alias: str
    kind: str
    is_plural: bool


def build_taxonomy(topics: DeclaredTopics) -> Taxonomy:
    """Return the taxonomy that topics.yaml declares.

    Raises:
        TaxonomyError: a duplicate id, an unknown parent, an empty or unreadable alias, one listed
            twice, or one owned by two topics; the message names topic and field.
    """
    entries = list(_entries(topics))
    _refuse_duplicate_ids(entries)
    _refuse_unknown_parents(entries)
    _refuse_wrong_replacements(entries)
    entries.sort(key=lambda entry: entry.topic_id)
    forms = _owned_forms(entries)
    leads_to = {entry.topic_id: entry.assigned_as for entry in entries}
    general = {entry.topic_id for entry in entries if entry.level == "general"}
    return Taxonomy(
        version=topics.version,
        digest=_digest(topics.version, entries),
        topics=pl.DataFrame(
            [(e.topic_id, e.name, e.parent_id, e.level, e.status, e.replaced_by) for e in entries],
            schema=TOPIC_COLUMNS,
            orient="row",
        ),
        aliases=pl.DataFrame(
            [(e.topic_id, alias, _KIND_OF_LIST[f]) for e in entries for f, alias in e.spellings],
            schema=ALIAS_COLUMNS,
            orient="row",
        ),
        forms=pl.DataFrame(
            [
                (form.form, topic_id, form.alias, form.kind, topic_id in general)
                for form in forms
                if (topic_id := leads_to[form.topic_id])
            ],
            schema=FORM_COLUMNS,
            orient="row",
        ),
        conditions=pl.DataFrame(_conditions(entries), schema=CONDITION_COLUMNS, orient="row"),
        examples=_examples(topics),
    )


def _entries(topics: DeclaredTopics) -> Iterator[_Entry]:
    for area in topics.areas:
        yield _Entry("area", area.id, area.name, None)
    for field in topics.fields:
        yield _Entry("field", field.id, field.name, field.parent)
    for topic in topics.topics:
        spellings = sorted(
            [("aliases", alias) for alias in topic.aliases]
            + [("acronyms", alias) for alias in topic.acronyms]
            + [("in_title", alias) for alias in topic.in_title]
            + [("weak", alias) for alias in topic.weak]
        )
        conditions = sorted(
            [("requires", spelling) for spelling in topic.requires]
            + [("not", spelling) for spelling in topic.excludes]
        )
        yield _Entry(
            topic.level,
            topic.id,
            topic.name,
            topic.parent,
            tuple(spellings),
            tuple(conditions),
            topic.status,
            topic.replaced_by,
        )


def _refuse_duplicate_ids(entries: Sequence[_Entry]) -> None:
    level_of: dict[str, str] = {}
    for entry in entries:
        if entry.topic_id in level_of:
            owner = level_of[entry.topic_id]
            raise TaxonomyError(f"{_noun(entry)} {entry.topic_id!r}: 'id' is already a {owner}'s")
        level_of[entry.topic_id] = _noun(entry)


def _refuse_unknown_parents(entries: Sequence[_Entry]) -> None:
    known = {(entry.level, entry.topic_id) for entry in entries}
    for entry in entries:
        parent_level = _PARENT_LEVEL.get(entry.level)
        if parent_level and (parent_level, entry.parent_id) not in known:
            raise TaxonomyError(
                f"{_noun(entry)} {entry.topic_id!r}: "
                f"'parent' {entry.parent_id!r} is no {parent_level}"
            )


def _noun(entry: _Entry) -> str:
    return "topic" if entry.level in ASSIGNED_LEVELS else entry.level


def _refuse_wrong_replacements(entries: Sequence[_Entry]) -> None:
    active = {e.topic_id for e in entries if e.level in ASSIGNED_LEVELS and e.status != RETIRED}
    for entry in entries:
        where = f"topic {entry.topic_id!r}: 'replaced_by' {entry.replaced_by!r}"
        if entry.replaced_by is not None and entry.status != RETIRED:
            raise TaxonomyError(f"{where} is for topics whose 'status' is 'retired'")
        if entry.replaced_by is not None and entry.replaced_by not in active:
            raise TaxonomyError(f"{where} is no active topic")


def _examples(topics: DeclaredTopics) -> pl.DataFrame:
    rows = []
    for topic in topics.topics:
        if both := set(topic.examples) & set(topic.counter_examples):
            raise TaxonomyError(
                f"topic {topic.id!r}: {min(both)!r} is in 'examples' and in 'counter_examples'"
            )
        rows += [(topic.id, paper, False) for paper in topic.examples]
        rows += [(topic.id, paper, True) for paper in topic.counter_examples]
    return pl.DataFrame(rows, schema=EXAMPLE_COLUMNS, orient="row")


def _digest(version: str, entries: Sequence[_Entry]) -> str:
    content = json.dumps([version, [asdict(entry) for entry in entries]], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _folded_aliases(entries: Sequence[_Entry]) -> dict[str, str]:
    """Return every alias with its folded spelling, single spaces between words."""
    aliases = [alias for entry in entries for _, alias in entry.spellings + entry.conditions]
    folded = fold_spelling(pl.Series(aliases, dtype=pl.String()))
    return {alias: " ".join(str(form).split()) for alias, form in zip(aliases, folded, strict=True)}


def _forms_of(entry: _Entry, folded: Mapping[str, str]) -> Iterator[_Form]:
    for field, alias in entry.spellings:
        kind = _KIND_OF_LIST[field]
        form = _readable(entry, field, alias, folded)
        form = form if kind == "acronym" else form.lower()
        yield _Form(form, entry.topic_id, alias, kind, is_plural=False)
        if plural := regular_plural(form, kind):
            yield _Form(plural, entry.topic_id, alias, kind, is_plural=True)


def _readable(entry: _Entry, field: str, alias: str, folded: Mapping[str, str]) -> str:
    """Return a spelling folded.

    Raises:
        TaxonomyError: it is empty or not Latin.
    """
    where = f"topic {entry.topic_id!r}: {field!r}"
    if not folded[alias]:
        raise TaxonomyError(f"{where} holds an empty alias")
    if not re.fullmatch(r"[\x20-\x7e]*[0-9A-Za-z][\x20-\x7e]*", folded[alias]):
        raise TaxonomyError(f"{where} holds {alias!r}, which is no Latin spelling")
    return folded[alias]


def _conditions(entries: Sequence[_Entry]) -> list[tuple[str, str, str]]:
    folded = _folded_aliases(entries)
    rows: set[tuple[str, str, str]] = set()
    for entry in entries:
        for kind, spelling in entry.conditions:
            form = _readable(entry, kind, spelling, folded).lower()
            if entry.assigned_as:
                written = [form, plural] if (plural := regular_plural(form, "alias")) else [form]
                rows |= {(one, entry.assigned_as, kind) for one in written}
    return sorted(rows)


def _owned_forms(entries: Sequence[_Entry]) -> list[_Form]:
    """Return every form with its one owner; what is written out goes before what is derived.

    Raises:
        TaxonomyError: an alias is empty, unreadable, listed twice or claimed by two topics.
    """
    claims: dict[str, list[_Form]] = {}
    folded = _folded_aliases(entries)
    forms = [form for entry in entries for form in _forms_of(entry, folded)]
    for form in sorted(forms, key=lambda form: form.is_plural):
        claimed = claims.setdefault(form.form.lower(), [])
        # one place in a text could be read as either; two acronyms may differ by case alone
        rivals = [r for r in claimed if r.form == form.form or {r.kind, form.kind} != {"acronym"}]
        _refuse_shared(form, rivals)
        if not any(rival.form == form.form for rival in rivals):
            claimed.append(form)
    return [form for claimed in claims.values() for form in claimed]


def _refuse_shared(form: _Form, rivals: Sequence[_Form]) -> None:
    for rival in rivals:
        claim = f"topic {form.topic_id!r}: {form.kind} {form.alias!r}"
        if rival.topic_id != form.topic_id:
            raise TaxonomyError(
                f"{claim} is also {rival.kind} {rival.alias!r} of topic {rival.topic_id!r}"
            )
        if rival.form == form.form and not form.is_plural:
            raise TaxonomyError(f"{claim} is listed twice (as {rival.kind} {rival.alias!r})")
