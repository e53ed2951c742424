-- The columns of all tables and views, with what the database says of them: facts first, records last.
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
where columns.schema_name in ('raw', 'core', 'mart', 'ops') and not columns.internal
order by
    list_position(['raw', 'core', 'mart', 'ops'], columns.schema_name),
    columns.table_name,
    columns.column_index
