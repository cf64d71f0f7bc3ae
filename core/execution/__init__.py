"""Where and in which order long computations run: executors (a pool here, a Dask cluster), pieces, the store, the scheduler."""
