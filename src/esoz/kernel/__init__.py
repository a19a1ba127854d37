"""What all parts stand on: the request pipeline, errors, states, storage, jobs. Imports no other part of esoz."""
