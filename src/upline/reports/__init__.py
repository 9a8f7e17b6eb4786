"""Reports for the law: income disclosure, outside customers, tax totals. Each is a paper, worked
out by the database from the ledger and the orders in one snapshot; docs/reports.md says what each
figure is."""
