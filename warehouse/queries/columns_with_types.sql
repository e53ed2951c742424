-- a row per table and view of the file: its columns and their types in their order
select
    schema_name || '.' || table_name as name,
    list(column_name || ' ' || data_type order by column_index) as columns
from duckdb_columns()
where
    database_name = current_database()
    and list_contains(['raw', 'core', 'mart', 'ops'], schema_name)
    and not internal
group by all
order by all
