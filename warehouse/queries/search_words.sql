-- how many papers have each word that is asked for
select
    asked.word,
    count(distinct search_word.paper_id) as papers
from (select distinct unnest(core.folded_words($words)) as word) as asked
left join core.search_word using (word)
group by asked.word
order by asked.word
