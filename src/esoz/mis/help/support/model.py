"""Which browsers are new enough."""

# The oldest browsers that have all the pages use: dialogues, forms sent by scripts, private methods.
BROWSERS = (("Chrome", "86"), ("Edge", "86"), ("Firefox", "98"), ("Safari", "16"))
