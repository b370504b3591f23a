"""Signals at an object store: a server of this test run on the loopback interface that speaks S3's protocol."""
