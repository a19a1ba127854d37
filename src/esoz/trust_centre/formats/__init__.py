"""What the trust centre reads and writes in DER: requests, answers, tokens, addresses in certificates."""
