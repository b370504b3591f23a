"""Files opened as rows: CSV, NDJSON, Parquet, XLSX and XES, told apart by their names."""
