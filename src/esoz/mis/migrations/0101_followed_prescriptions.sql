-- Active prescriptions in the order in which central is asked for their status.
create index prescriptions_followed on prescriptions (status_at nulls first) where state = 'issued' and status = 'ACTIVE';
