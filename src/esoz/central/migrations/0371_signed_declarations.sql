-- The name of the signed document; empty for those that were made before, or without one in the sandbox.
alter table declarations add column signed_document text;
