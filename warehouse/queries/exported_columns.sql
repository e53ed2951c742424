-- The tables that are exported, with their columns: every mart, and what of core people join to them;
-- without who wrote a row and when.
select
    columns.schema_name,
    columns.table_name,
    coalesce(tables.comment, views.comment) as table_comment,
    columns.column_name,
    columns.data_type,
    columns.comment
from duckdb_columns() as columns
left join duckdb_tables() as tables using (schema_name, table_name)
left join duckdb_views() as views
    on views.schema_name = columns.schema_name and views.view_name = columns.table_name
where
    not columns.internal
    and (
        columns.schema_name = 'mart'
        or list_contains($tables::varchar[], columns.schema_name || '.' || columns.table_name)
    )
    and not list_contains($metadata::varchar[], columns.column_name)
order by columns.schema_name, columns.table_name, columns.column_index
