-- Look-up: ids of dispenses are chosen by pharmacies, and are of one dispense in the country.
create table device_dispense_persons (
    id uuid primary key,
    person_id uuid not null
);
