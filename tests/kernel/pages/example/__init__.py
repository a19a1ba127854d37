"""A small site that shows every component of the page kit: the tests' own, no part of the product."""
