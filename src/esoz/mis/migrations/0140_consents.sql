-- How long the access to central can be renewed without asking the user: its end is announced.
alter table central_tokens add renewable_until timestamptz;  -- null: not known, or there is no refresh token
