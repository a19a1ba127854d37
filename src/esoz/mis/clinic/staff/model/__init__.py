"""People of a clinic: the rules, and the published fields of an employee request."""
