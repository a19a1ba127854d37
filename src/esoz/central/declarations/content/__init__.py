"""What a declaration says when it is signed: what a signature is compared with is law, not spelling."""
