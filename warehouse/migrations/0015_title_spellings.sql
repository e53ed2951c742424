comment on column core.topic_alias.kind is 'alias, acronym, title (names the topic in a title alone) or weak';
comment on column core.paper_topic_evidence.kind is 'alias, acronym, title or weak, as the taxonomy lists the spelling; context: one of the terms that weigh most for a topic that no spelling names';
