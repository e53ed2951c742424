-- a row per column of a table that may hold text
select
    columns.schema_name,
    columns.table_name,
    columns.column_name
from duckdb_columns() as columns
inner join duckdb_tables() as tables using (schema_name, table_name)
where contains(columns.data_type, 'VARCHAR') and not tables.temporary
order by all
