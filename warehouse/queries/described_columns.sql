-- The columns of tables and views with their meaning: of schemas, or of single tables, without some.
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
        list_contains($schemas::varchar[], columns.schema_name)
        or list_contains($tables::varchar[], columns.schema_name || '.' || columns.table_name)
    )
    and not list_contains($left_out::varchar[], columns.column_name)
order by
    list_position(['raw', 'core', 'mart', 'ops'], columns.schema_name),
    columns.table_name,
    columns.column_index
