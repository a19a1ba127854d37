"""What is asked about the people of a clinic."""
