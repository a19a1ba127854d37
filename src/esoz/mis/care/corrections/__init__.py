"""What is put right of a visit: it is moved to another episode before central has it."""
