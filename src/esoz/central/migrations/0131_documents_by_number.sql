-- outside a transaction
create index concurrently person_documents_plain on person_documents (plain_number(number_search), type);
