"""The municipality's adopted routine as versions of steps, and the legal references with the days they hold."""
