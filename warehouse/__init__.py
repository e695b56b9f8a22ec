"""The DuckDB star: its tables as SQL, how it is built, verified, published and asked."""
