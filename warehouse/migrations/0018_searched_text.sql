alter table core.search_paper add column text_digest varchar;
comment on column core.search_paper.text_digest is 'Digest of the texts that are indexed: another one is indexed anew';

update core.search_paper
set text_digest = indexed.text_digest
from (
    select
        paper.paper_id,
        md5(to_json([paper.content_id, paper.title, topics.names])::varchar) as text_digest
    from core.paper as paper
    left join (
        select
            paper_id,
            string_agg(name, ' ' order by topic_id) as names
        from core.paper_topic
        inner join core.topic using (taxonomy_version, topic_id)
        group by paper_id
    ) as topics using (paper_id)
) as indexed
where indexed.paper_id = search_paper.paper_id;
