-- outside a transaction
reindex index concurrently staff_clinic;
