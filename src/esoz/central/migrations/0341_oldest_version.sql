-- The oldest version of a system that the register still lets work; none while its keeper has not said any.
alter table mis_register add column oldest_version text;
