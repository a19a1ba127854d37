"""«Підписати все»: everything that waits for the user's signature, signed with one opening of the key."""
