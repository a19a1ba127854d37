-- A number drawn by chance that is taken already makes the act begin anew; constraints on such values are named so.
alter table declaration_numbers rename constraint declaration_numbers_pkey to declaration_numbers_drawn;
