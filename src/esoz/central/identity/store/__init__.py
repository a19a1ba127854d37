"""SQL of users, clients, brokers and tokens."""
