-- A number of a prescription is drawn by chance: whoever draws one that is taken begins the act anew. The name tells so.
alter table prescription_numbers rename constraint prescription_numbers_pkey to prescription_numbers_drawn;
