-- PKCE (RFC 7636): the challenge that a code was asked for with; and clients on a person's device, which keep no secret.
alter table tokens add column code_challenge text;
alter table connections alter column secret_hash drop not null;
