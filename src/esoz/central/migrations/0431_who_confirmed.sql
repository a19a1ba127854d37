-- Who confirms a request in the place of the person whom it is about.
alter table person_requests add column confirmed_by uuid;
alter table authentication_method_requests add column confirmed_by uuid;
alter table relationship_requests add column confirmed_by uuid;
