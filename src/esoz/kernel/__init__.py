"""The ground floor: one road of a request, errors, states, storage, jobs. Imports no other part of esoz."""
