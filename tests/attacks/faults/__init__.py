"""Faults, planted from outside into a server of their own and a copy of the database.

Each takes away what protects one promise, as a careless hand might. The test of the promise
must then fail: a test that was never seen to fail proves nothing."""
