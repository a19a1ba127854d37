"""What is put right of a visit: moved to another episode before central has it, taken back afterwards."""
