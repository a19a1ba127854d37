-- outside a transaction
create index concurrently civil_acts_plain on civil_acts (plain_number(number_search), ward_birth_date);
